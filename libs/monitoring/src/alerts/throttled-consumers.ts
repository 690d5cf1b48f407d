import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const BUSY = 'verdict="retryable_busy"';
const THROTTLED = (promql: PromQL): string =>
  promql.increase(LEDGER_METRICS.requests, ['source', 'vendor'], 'short', 'reason="throttled"');

/**
 * A quota that many run into is not the callers’ affair. Consumers are counted by verdict, not by reason: whoever was
 * told to come back more often than all requests together for other reasons was over a quota.
 */
export const throttledConsumers: Alert = {
  name: 'ThrottledConsumers',
  severity: 'page',
  responsible: 'platform',
  expression: (promql) =>
    promql.ofThePresent(
      `count by (${promql.by('source', 'vendor')}) (
  ${promql.increase(LEDGER_METRICS.consumer, ['source', 'vendor', 'consumer'], 'short', BUSY)}
  - on (${promql.by('source', 'vendor')}) group_left ()
  (
    ${promql.increase(LEDGER_METRICS.requests, ['source', 'vendor'], 'short', BUSY)}
    - ${THROTTLED(promql)}
  )
  >= 5
) >= 3
and
${THROTTLED(promql)} >= 20`,
    ),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} throttles {{ $value }} consumers',
  description: '{{ $value }} consumers at once are over a quota.',
  action:
    'No single caller is too fast: the quota itself is too small, or shared. Raise it or spread the load.',
  restsOn: 'The consumers that the settings name, and that other reasons to come back are rare.',
};
