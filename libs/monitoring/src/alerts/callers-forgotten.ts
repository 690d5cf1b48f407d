import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const EVICTED = (promql: PromQL): string =>
  promql.increase(LEDGER_METRICS.conductSkipped, ['source'], 'medium', 'reason="evicted"');

/** There is more to remember of callers than there is room for. */
export const callersForgotten: Alert = {
  name: 'CallersForgotten',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${EVICTED(promql)} >= 20
unless
${EVICTED(promql)} < 0.01 * ${promql.increase(LEDGER_METRICS.conductRequests, ['source'], 'medium')}`,
  hold: 'short',
  ofSource: true,
  ofVendor: false,
  summary: 'callers of {{ $labels.source }} cannot be followed for want of memory',
  description:
    '{{ $value | printf "%.0f" }} requests were forgotten before anybody could know what their callers do next.',
  action:
    'Raise conduct.max_bytes, if slices of time wait in Redis, or conduct.max_operations, if many operations fail at once. Until then retries, jobs and sessions are too few.',
  restsOn: 'Counted where they are forgotten; exact.',
  toSee: {
    queries: (promql) => [
      `${promql.increase(LEDGER_METRICS.conductSkipped, ['source', 'reason'], 'medium')} > 0`,
      promql.value(LEDGER_METRICS.conductSettled, ['source']),
    ],
  },
};
