import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

function SLOW(promql: PromQL, operation: string, seconds: number): string {
  const matchers = `operation="${operation}"`;
  const labels = ['source', 'vendor', 'operation'];
  const { name } = LEDGER_METRICS.duration;
  const buckets = { ...LEDGER_METRICS.duration, name: `${name}_bucket` };
  const counts = { ...LEDGER_METRICS.duration, name: `${name}_count` };
  return `histogram_quantile(0.95, ${promql.rate(buckets, [...labels, 'le'], 'short', matchers)}) > ${seconds}
and
${promql.increase(counts, labels, 'short', matchers)} >= 20`;
}

/** By operation: a slow write is another thing than a slow read. */
export const latencyHigh: Alert = {
  name: 'LatencyHigh',
  severity: 'ticket',
  responsible: 'service_or_device',
  expression: (promql) =>
    promql.ofThePresent(
      Object.entries(promql.scope.objectives.latencySeconds)
        .map(([operation, seconds]) => SLOW(promql, operation, seconds))
        .join('\nor\n'),
    ),
  hold: 'medium',
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.operation }} requests to {{ $labels.vendor }} behind {{ $labels.source }} are slow',
  description:
    '95 % of the {{ $labels.operation }} requests took up to {{ $value | humanizeDuration }}, more than the objective.',
  action:
    'Compare devices and routes. Slow writes may be jobs that should be asked about instead of waited for.',
  restsOn: 'The duration that the gateway logs; requests that the gateway itself ended are among them.',
};
