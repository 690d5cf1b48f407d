import {
  LEDGER_METRICS,
  ledgerField,
  parseLedgerField,
  type LedgerMetric,
  type MetricDefinition,
} from '#metric-names';

/** One sample of a metric; of a histogram, `suffix` tells which of its three kinds. */
export interface LedgerSample {
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  readonly labels: Labels;
  readonly value: number;
}

type Labels = Readonly<Record<string, string>>;

/** What is counted under one set of labels: a number, or all parts of a histogram. */
interface Series {
  readonly metric: LedgerMetric;
  readonly labels: Labels;
  /** Of a histogram: the labels of each bucket, the last one being +Inf. */
  readonly bucketLabels: readonly Labels[];
}

/** What a field of the ledger is of its series. */
interface Place {
  readonly series: Series;
  readonly part: number | 'sum' | undefined;
}

/** A histogram while its fields are gathered. */
interface Parts {
  readonly counts: number[];
  sum: number;
}

/**
 * The ledger as Prometheus sees it.
 * @param counters values by field; a field that this version does not know is left out
 * @param zeros fields that exist at 0 when nothing was counted
 */
export const ledgerSamples = (
  counters: ReadonlyMap<string, number>,
  zeros: readonly string[],
): Map<LedgerMetric, LedgerSample[]> => new LedgerSamples().of(counters, zeros);

/** Reads one ledger over and over: its fields are taken apart once, and their labels stay the same objects. */
export class LedgerSamples {
  private readonly places = new Map<string, Place | undefined>();
  private readonly series = new Map<string, Series>();

  /** As {@link ledgerSamples}. */
  of(counters: ReadonlyMap<string, number>, zeros: readonly string[]): Map<LedgerMetric, LedgerSample[]> {
    // fields of a ledger that is gone are not worth keeping
    if (this.places.size > 2 * (counters.size + zeros.length)) this.forget();
    const samples = new Map<LedgerMetric, LedgerSample[]>();
    const histograms = new Map<Series, Parts>();
    const add = (field: string, value: number): void => {
      const place = this.placeOf(field);
      if (place === undefined) return;
      const { series, part } = place;
      if (part === undefined) samplesOf(samples, series).push(single(series, value));
      else addPart(histograms, series, part, value);
    };
    for (const field of zeros) if (!counters.has(field)) add(field, 0);
    for (const [field, value] of counters) add(field, value);
    for (const [series, parts] of histograms)
      samplesOf(samples, series).push(...histogramSamples(series, parts));
    return samples;
  }

  private forget(): void {
    this.places.clear();
    this.series.clear();
  }

  private placeOf(field: string): Place | undefined {
    if (!this.places.has(field)) this.places.set(field, this.newPlace(field));
    return this.places.get(field);
  }

  private newPlace(field: string): Place | undefined {
    const entry = parseLedgerField(field);
    if (!entry) return undefined;
    const { metric, labels, part } = entry;
    const key = ledgerField(metric, ...labels);
    let series = this.series.get(key);
    if (!series) this.series.set(key, (series = seriesOf(metric, labels)));
    return { series, part };
  }
}

function seriesOf(metric: LedgerMetric, values: readonly string[]): Series {
  const { labels: names, type, buckets = [] }: MetricDefinition = LEDGER_METRICS[metric];
  const labels = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
  const bounds = type === 'histogram' ? [...buckets.map(String), '+Inf'] : [];
  return { metric, labels, bucketLabels: bounds.map((le) => ({ ...labels, le })) };
}

function samplesOf(samples: Map<LedgerMetric, LedgerSample[]>, { metric }: Series): LedgerSample[] {
  let known = samples.get(metric);
  if (!known) samples.set(metric, (known = []));
  return known;
}

const scaleOf = ({ metric }: Series): number => (LEDGER_METRICS[metric] as MetricDefinition).scale ?? 1;

const single = (series: Series, value: number): LedgerSample => ({
  suffix: '',
  labels: series.labels,
  value: value / scaleOf(series),
});

function addPart(
  histograms: Map<Series, Parts>,
  series: Series,
  part: NonNullable<Place['part']>,
  value: number,
): void {
  let parts = histograms.get(series);
  if (!parts)
    histograms.set(
      series,
      (parts = { counts: new Array<number>(series.bucketLabels.length).fill(0), sum: 0 }),
    );
  if (part === 'sum') parts.sum = value / scaleOf(series);
  else if (part < parts.counts.length) parts.counts[part] = value;
}

/** Buckets are stored one by one and shown cumulative. */
function histogramSamples({ labels, bucketLabels }: Series, { counts, sum }: Parts): LedgerSample[] {
  let cumulative = 0;
  const samples = counts.map((count, i): LedgerSample => ({
    suffix: '_bucket',
    labels: bucketLabels[i]!,
    value: (cumulative += count),
  }));
  return [
    ...samples,
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: cumulative },
  ];
}
