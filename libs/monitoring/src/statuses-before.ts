import type { MetricDefinition } from '#metric-names';
import { PromQL } from './promql.js';

/**
 * A template of Prometheus that lists the statuses before the retries that an alert is about, each with a space before it.
 * @param more labels of the alert, besides source and vendor, that the metric has, too
 * @param fixed another matcher
 */
export function statusesBefore(
  { scope }: PromQL,
  metric: MetricDefinition,
  more: readonly string[],
  ...fixed: string[]
): string {
  const labels = [...scope.keptLabels, 'source', 'vendor', ...more];
  const matchers = [...labels.map((label) => `${label}=%q`), ...fixed].join(', ');
  const within = new PromQL({ ...scope, keptLabels: [] });
  const query = `${within.increase(metric, ['previous_code'], 'medium', matchers)} > 0`;
  const values = labels.map((label) => `$labels.${label}`).join(' ');
  return `{{ range query (printf \`${query}\` ${values}) | sortByLabel "previous_code" }} {{ .Labels.previous_code }}{{ end }}`;
}
