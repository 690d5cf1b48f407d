import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Bytes that were accepted, and turned out to be nothing. */
export const deadBatches: Alert = {
  name: 'DeadBatches',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) =>
    `${promql.increase(LEDGER_METRICS.deadBatches, ['source', 'reason'], 'long', 'reason!="payload_lost"')} > 0`,
  ofSource: true,
  ofVendor: false,
  summary: 'batches of {{ $labels.source }} can never be read',
  description: '{{ $value | printf "%.0f" }} batches are dead: {{ $labels.reason }}.',
  action:
    'The worker logs each with its id. Most often the shipper compresses wrongly, or sends more than max_inflated.',
  restsOn: 'Counted by the worker; exact.',
};
