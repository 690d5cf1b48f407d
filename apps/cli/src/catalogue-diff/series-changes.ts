import { ORIGINS, type Catalogue } from '#catalogue';
import { LEDGER_METRICS, parseLedgerField, type LedgerMetric } from '#metric-names';
import { zeroSeries } from '#verdict';

/** A series of every source that a vendor judges, with the origins that it has. */
export interface SeriesChange {
  readonly metric: string;
  readonly sign: '+' | '-';
  /** Values of all labels but source, vendor and origin. */
  readonly labels: readonly string[];
  readonly origins: readonly string[];
}

/** Series that are there at 0 from the first scrape in one catalogue only. */
export function seriesChanges(before: Catalogue, after: Catalogue, vendor: string): SeriesChange[] {
  const [then, now] = [seriesOf(before, vendor), seriesOf(after, vendor)];
  return [...grouped(minus(now, then), '+'), ...grouped(minus(then, now), '-')].sort(byMetricAndLabels);
}

const minus = (some: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...some].filter((one) => !others.has(one));

/** Those that a source has because of this vendor: the others belong to every source. */
function seriesOf(catalogue: Catalogue, vendor: string): Set<string> {
  const of = (vendors: readonly string[]) => zeroSeries(catalogue, { name: '', vendors, origins: ORIGINS });
  const others = new Set(of([]));
  return new Set(catalogue.vendorId(vendor) < 0 ? [] : of([vendor]).filter((field) => !others.has(field)));
}

function grouped(fields: readonly string[], sign: SeriesChange['sign']): SeriesChange[] {
  const changes = new Map<string, SeriesChange>();
  for (const field of fields) {
    const { metric, labels } = parseLedgerField(field)!;
    const rest = labels.filter((_, i) => !APART.has(labelNames(metric)[i]!));
    const key = [metric, ...rest].join('|');
    const origin = labels[labelNames(metric).indexOf('origin')]!;
    const origins = [...(changes.get(key)?.origins ?? []), origin];
    changes.set(key, { metric: LEDGER_METRICS[metric].name, sign, labels: rest, origins });
  }
  return [...changes.values()];
}

/** Labels that are the same in all lines, or joined in one. */
const APART = new Set(['source', 'vendor', 'origin']);

const labelNames = (metric: LedgerMetric): readonly string[] => LEDGER_METRICS[metric].labels;

const byMetricAndLabels = (a: SeriesChange, b: SeriesChange): number =>
  a.metric < b.metric ? 1 : a.metric > b.metric ? -1 : a.labels.join() < b.labels.join() ? -1 : 1;
