import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** What was promised was not kept. */
export const payloadLost: Alert = {
  name: 'PayloadLost',
  severity: 'page',
  responsible: 'statuslens',
  expression: (promql) =>
    promql.atLeast(1, LEDGER_METRICS.deadBatches, ['source'], 'long', 'reason="payload_lost"'),
  ofSource: true,
  ofVendor: false,
  summary: 'lines of {{ $labels.source }} were lost',
  description: '{{ $value | humanize }} batches were accepted, but their bytes are gone from Redis.',
  action:
    'Look at evictions, flushes and failovers of Redis. Have the shipper send the time again if it keeps the logs.',
  restsOn: 'Counted when the worker finds no bytes for a batch; exact.',
};
