import { Registry, type Metric, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import type { MetricDefinition } from '#metric-names';

/** One metric with its samples, as prom-client renders it. */
export type Family = MetricObjectWithValues<MetricValue<string>>;

/** `sharedLabels`: prom-client keeps their text for as long as they are the same object. */
export type Sample = Pick<MetricValue<string>, 'value'> & {
  readonly labels?: Readonly<Record<string, string>>;
  readonly sharedLabels?: Readonly<Record<string, string>>;
  readonly metricName?: string | undefined;
};

export const family = ({ name, help, type }: MetricDefinition, values: Sample[]): Family =>
  ({ name, help, type, values, aggregator: 'sum' }) as unknown as Family;

/** What a scraper accepts, and the media type of the answer. */
export const EXPOSITIONS = {
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;
export type Exposition = keyof typeof EXPOSITIONS;

/** Prometheus asks for OpenMetrics first in its Accept header; anybody else gets the classic text. */
export const expositionFor = (accept: string | undefined): Exposition =>
  accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus';

/** Renders families as a page. A registry per page: prom-client renames counters in place for OpenMetrics. */
export async function render(families: readonly Family[], exposition: Exposition): Promise<string> {
  const registry = new Registry();
  registry.setContentType(EXPOSITIONS[exposition] as typeof Registry.PROMETHEUS_CONTENT_TYPE);
  for (const { name, ...rest } of families)
    registry.registerMetric({
      name,
      type: rest.type,
      get: async () => ({ ...rest, name: nameIn(exposition, name, rest.type) }),
    } as unknown as Metric);
  return registry.metrics();
}

/** OpenMetrics names a counter's family without the suffix of its samples. */
const nameIn = (exposition: Exposition, name: string, type: unknown): string =>
  exposition === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
