import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Redis came back with less than it had. Counters stayed where they were, but somebody should know. */
export const ledgerWentBack: Alert = {
  name: 'LedgerWentBack',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${promql.increase(SCRAPED_METRICS.ledgerRegressions, [], 'long')} > 0`,
  ofSource: false,
  ofVendor: false,
  summary: 'Redis lost counts that had been shown',
  description:
    'Redis holds less than it did: it was restored, flushed, or a replica that lagged took over. Counters were kept from going back; numbers of the time around it are approximate.',
  action:
    'Find out what happened to Redis, and whether lines were lost with it: PayloadLost tells of batches that are gone. Compare the logs of that time: statuslens reconcile FILE --prometheus URL --source S.',
  restsOn: 'What the exporter keeps on its own disk of what it has shown last.',
};
