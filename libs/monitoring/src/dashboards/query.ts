import type { MetricDefinition } from '#metric-names';
import { PromQL, braces } from '../promql.js';
import type { RuleScope } from '../rule-scope.js';

/** An expression, and what its series are called. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

type Span = '$__rate_interval' | '$__range';

/** Variables that a dashboard offers for labels of statuslens. */
const CHOSEN = ['source', 'vendor'];

/** Writes expressions about what is chosen in the variables of a dashboard. */
export class Chosen {
  readonly promql: PromQL;

  constructor(private readonly scope: RuleScope) {
    // labels that Prometheus adds are chosen from, not told apart
    this.promql = new PromQL({ ...scope, keptLabels: [] });
  }

  /** Per second, around each point of a graph. */
  rate(metric: MetricDefinition, labels: readonly string[], matchers = ''): string {
    return this.counted('rate', metric, labels, '$__rate_interval', matchers);
  }

  /** How often within the time of the dashboard. */
  increase(metric: MetricDefinition, labels: readonly string[], matchers = ''): string {
    return this.counted('increase', metric, labels, '$__range', matchers);
  }

  /** Per second, by the upper bound of each bucket. */
  buckets({ name, ...rest }: MetricDefinition): string {
    return this.rate({ ...rest, name: `${name}_bucket` }, ['le']);
  }

  /** A quantile of a histogram of the ledger. */
  quantile(
    share: number,
    { name, ...rest }: MetricDefinition,
    labels: readonly string[],
    { span = '$__rate_interval', matchers = '' }: { span?: Span; matchers?: string } = {},
  ): string {
    const buckets = { ...rest, name: `${name}_bucket` };
    return `histogram_quantile(${share}, ${this.counted('rate', buckets, [...labels, 'le'], span, matchers)})`;
  }

  /** The value of a gauge. */
  value(metric: MetricDefinition, labels: readonly string[], matchers = ''): string {
    return this.promql.value(metric, labels, this.matchers(metric.labels, matchers));
  }

  /** Per second, of a counter that each process has of its own: they are added up, unlike exporters. */
  rateOfProcesses({ name, labels: known }: MetricDefinition, labels: readonly string[]): string {
    return `sum by (${labels.join(', ')}) (rate(${name}${braces(this.matchers(known))}[$__rate_interval]))`;
  }

  /** Series of a recording rule by source and vendor. */
  recorded(name: string, matchers = ''): string {
    return `${name}{${this.matchers(CHOSEN, matchers)}}`;
  }

  /** Series of a recording rule of shares over a short window. */
  ratio(name: string, matchers = ''): string {
    return this.recorded(`${name}:ratio_rate${this.promql.window('short')}`, matchers);
  }

  /** Requests per second, now, by the recording rule. @param before how long ago instead of now */
  requests(rule: string, labels: readonly string[], matchers = '', before?: string): string {
    const series = this.recorded(`${rule}:rate${this.promql.window('short')}`, matchers);
    const offset = before === undefined ? '' : ` offset ${before}`;
    return `sum by (${labels.join(', ')}) (${series}${offset})`;
  }

  /** Matchers of the chosen labels that a metric has, and of those that Prometheus adds. */
  matchers(labels: readonly string[], more = ''): string {
    const chosen = [...CHOSEN.filter((label) => labels.includes(label)), ...this.scope.keptLabels];
    return [...chosen.map((label) => `${label}=~"$${label}"`), ...(more === '' ? [] : [more])].join(', ');
  }

  private counted(
    how: 'rate' | 'increase',
    { name, labels: known }: MetricDefinition,
    labels: readonly string[],
    span: Span,
    matchers: string,
  ): string {
    return this.promql.sum(labels, `${how}(${name}${braces(this.matchers(known, matchers))}[${span}])`);
  }
}

/** One label out of several, as rows of a table that are told apart by all of them. */
export const joined = (expr: string, label: string, separator: string, ...parts: string[]): string =>
  `label_join(${expr}, "${label}", "${separator}", ${parts.map((part) => `"${part}"`).join(', ')})`;
