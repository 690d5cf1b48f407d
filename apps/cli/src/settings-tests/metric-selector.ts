import { LEDGER_METRICS, type LedgerMetric, type MetricDefinition } from '#metric-names';
import type { LedgerSample } from '#verdict';

/** `name{label="value"}`, taken apart. */
export interface Selector {
  readonly metric: LedgerMetric;
  readonly suffix: LedgerSample['suffix'];
  readonly labels: Readonly<Record<string, string>>;
}

const SUFFIXES = { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'] } as const;

const MATCHER = '([a-zA-Z_]\\w*)\\s*=\\s*("(?:[^"\\\\]|\\\\.)*")';
const SELECTOR = new RegExp(`^([a-z_]+)\\s*(?:\\{\\s*(?:${MATCHER}\\s*(?:,\\s*|(?=\\})))*\\})?$`);

/** @returns the selector, or what is wrong with it */
export function parseSelector(text: string): Selector | string {
  const name = SELECTOR.exec(text)?.[1];
  if (name === undefined)
    return 'must be written as Prometheus does: name{label="value", …}, without =~ or !=';
  const found = metricCalled(name);
  if (!found) return 'is not a metric of the log lines; statuslens_lines_total is one';
  const labels = labelsOf(text);
  if (!labels) return 'has a label value with an unknown escape';
  const { labels: own }: MetricDefinition = LEDGER_METRICS[found.metric];
  const known = found.suffix === '_bucket' ? [...own, 'le'] : own;
  const wrong = Object.keys(labels).find((label) => !known.includes(label));
  if (wrong !== undefined) return `has no label "${wrong}"; its labels are: ${known.join(', ')}`;
  return { ...found, labels };
}

/** Labels may be fewer than those of the series: the rest is summed up. */
export const isSelected = ({ suffix, labels }: Selector, sample: LedgerSample): boolean =>
  suffix === sample.suffix &&
  Object.entries(labels).every(([label, value]) => sample.labels[label] === value);

function metricCalled(name: string): Pick<Selector, 'metric' | 'suffix'> | undefined {
  for (const [metric, definition] of Object.entries(LEDGER_METRICS) as [LedgerMetric, MetricDefinition][])
    for (const suffix of SUFFIXES[definition.type])
      if (`${definition.name}${suffix}` === name) return { metric, suffix };
  return undefined;
}

function labelsOf(text: string): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      [...text.matchAll(new RegExp(MATCHER, 'g'))].map(([, label, value]) => [
        label!,
        JSON.parse(value!) as string,
      ]),
    );
  } catch {
    return undefined;
  }
}
