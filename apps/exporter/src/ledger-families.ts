import {
  LEDGER_METRICS,
  parseLedgerField,
  type LedgerEntry,
  type LedgerMetric,
  type MetricDefinition,
} from '#metric-names';
import { family, type Family, type Sample } from './exposition.js';

/**
 * The ledger as metrics.
 * @param counters values by field; a field that this version does not know is left out
 * @param zeros fields that exist at 0 when nothing was counted
 */
export function ledgerFamilies(counters: ReadonlyMap<string, number>, zeros: readonly string[]): Family[] {
  const entries = new Map<LedgerMetric, [LedgerEntry, number][]>();
  const add = (field: string, value: number): void => {
    const entry = parseLedgerField(field);
    if (!entry) return;
    const known = entries.get(entry.metric);
    if (known) known.push([entry, value]);
    else entries.set(entry.metric, [[entry, value]]);
  };
  for (const field of zeros) if (!counters.has(field)) add(field, 0);
  for (const [field, value] of counters) add(field, value);
  return (Object.keys(LEDGER_METRICS) as LedgerMetric[]).map((metric) => {
    const definition: MetricDefinition = LEDGER_METRICS[metric];
    const known = entries.get(metric) ?? [];
    return family(
      definition,
      definition.type === 'histogram' ? histogram(definition, known) : single(definition, known),
    );
  });
}

const single = (definition: MetricDefinition, entries: readonly [LedgerEntry, number][]): Sample[] =>
  entries.map(([{ labels }, value]) => ({
    labels: named(definition, labels),
    value: value / (definition.scale ?? 1),
  }));

/** Buckets are stored one by one and shown cumulative. */
function histogram(definition: MetricDefinition, entries: readonly [LedgerEntry, number][]): Sample[] {
  const { name, buckets = [], scale = 1 } = definition;
  const series = new Map<string, { labels: Record<string, string>; counts: number[]; sum: number }>();
  for (const [{ labels, part }, value] of entries) {
    const key = labels.join('|');
    const one = series.get(key) ?? {
      labels: named(definition, labels),
      counts: new Array<number>(buckets.length + 1).fill(0),
      sum: 0,
    };
    series.set(key, one);
    if (part === 'sum') one.sum = value / scale;
    else if (part !== undefined && part < one.counts.length) one.counts[part] = value;
  }
  return [...series.values()].flatMap(({ labels, counts, sum }) => {
    let cumulative = 0;
    const samples: Sample[] = counts.map((count, i) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: i < buckets.length ? buckets[i]! : '+Inf' },
      value: (cumulative += count),
    }));
    return [
      ...samples,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: cumulative },
    ];
  });
}

const named = ({ labels }: MetricDefinition, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(labels.map((label, i) => [label, values[i]!]));
