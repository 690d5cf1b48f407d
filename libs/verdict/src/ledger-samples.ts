import {
  LEDGER_METRICS,
  parseLedgerField,
  type LedgerEntry,
  type LedgerMetric,
  type MetricDefinition,
} from '#metric-names';

/** One sample of a metric; of a histogram, `suffix` tells which of its three kinds. */
export interface LedgerSample {
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The ledger as Prometheus sees it.
 * @param counters values by field; a field that this version does not know is left out
 * @param zeros fields that exist at 0 when nothing was counted
 */
export function ledgerSamples(
  counters: ReadonlyMap<string, number>,
  zeros: readonly string[],
): Map<LedgerMetric, LedgerSample[]> {
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
  return new Map([...entries].map(([metric, known]) => [metric, samplesOf(LEDGER_METRICS[metric], known)]));
}

const samplesOf = (
  definition: MetricDefinition,
  entries: readonly [LedgerEntry, number][],
): LedgerSample[] =>
  definition.type === 'histogram' ? histogram(definition, entries) : single(definition, entries);

const single = (definition: MetricDefinition, entries: readonly [LedgerEntry, number][]): LedgerSample[] =>
  entries.map(([{ labels }, value]) => ({
    suffix: '',
    labels: named(definition, labels),
    value: value / (definition.scale ?? 1),
  }));

/** Buckets are stored one by one and shown cumulative. */
function histogram(definition: MetricDefinition, entries: readonly [LedgerEntry, number][]): LedgerSample[] {
  const { buckets = [], scale = 1 } = definition;
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
    const samples = counts.map((count, i): LedgerSample => {
      const le = i < buckets.length ? String(buckets[i]) : '+Inf';
      return { suffix: '_bucket', labels: { ...labels, le }, value: (cumulative += count) };
    });
    return [
      ...samples,
      { suffix: '_sum', labels, value: sum },
      { suffix: '_count', labels, value: cumulative },
    ];
  });
}

const named = ({ labels }: MetricDefinition, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(labels.map((label, i) => [label, values[i]!]));
