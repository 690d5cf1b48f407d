import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { behind } from '../conduct-lag.js';

/** What callers do is not looked at any more: alerts on it are blind. */
export const callersBehind: Alert = {
  name: 'CallersBehind',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: behind,
  hold: 'short',
  ofSource: true,
  ofVendor: false,
  summary: 'what callers of {{ $labels.source }} do is not followed any more',
  description:
    'Callers have been followed until {{ $value | humanizeDuration }} ago, though newer lines have been there for long.',
  action:
    'See the log of the workers: one of them judges what is due, and says why it cannot. Lines are counted all the same; retries, jobs and sessions are not, and their alerts are blind meanwhile.',
  restsOn: 'The newest line that was counted, and how far callers have been followed; exact.',
  toSee: {
    queries: (promql) => [
      `time() - ${promql.value(LEDGER_METRICS.conductSettled, ['source'])}`,
      `time() - ${promql.value(LEDGER_METRICS.lastEvent, ['source'])}`,
    ],
  },
  doubts:
    'A source whose callers are no longer followed, by the settings, keeps its last time until that is removed.',
};
