import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** A quota that many run into is not the callers’ affair. */
export const throttledConsumers: Alert = {
  name: 'ThrottledConsumers',
  severity: 'page',
  responsible: 'platform',
  expression: (promql) =>
    promql.ofThePresent(
      `count by (${promql.by('source', 'vendor')}) (
  ${promql.increase(LEDGER_METRICS.consumer, ['source', 'vendor', 'consumer'], 'short', 'verdict="retryable_busy"')} >= 5
) >= 3
and
${promql.increase(LEDGER_METRICS.requests, ['source', 'vendor'], 'short', 'reason="throttled"')} >= 20`,
    ),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} throttles {{ $value }} consumers',
  description: '{{ $value }} consumers at once are over a quota.',
  action:
    'No single caller is too fast: the quota itself is too small, or shared. Raise it or spread the load.',
  restsOn: 'The consumers that the settings name.',
};
