import { LEDGER_METRICS, type MetricDefinition } from '#metric-names';
import { notesOn, onceEach, sourceIs, type Moment } from './counted-notes.js';
import { hourOf, startOf, type LinesByHour, type Span } from './hours.js';
import type { PrometheusApi, Series } from './prometheus-api.js';

const HOUR_MS = startOf(1);
/** A moment at which a scrape failed has no sample of its own. */
const FAILED_SCRAPES = '5m';
const LONGEST_GAP = '7d';

/** What Prometheus knows of the lines of a source. */
export interface Counted {
  readonly lines: LinesByHour;
  /** What makes the numbers less than exact, or tells why they differ. */
  readonly notes: readonly string[];
}

/**
 * What statuslens counted of a source, by the hour of its arrival: differences of raw counters between full hours.
 * `increase()` would extrapolate.
 * @param span its ends are not rounded
 */
export async function countedHours(api: PrometheusApi, source: string, span: Span): Promise<Counted> {
  const counters = await countersAt(api, source, span);
  return { lines: differences(counters), notes: await notesOn(api, source, span, counters) };
}

async function countersAt(api: PrometheusApi, source: string, { since, until }: Span): Promise<Moment[]> {
  const first = startOf(hourOf(since) + 1);
  const last = startOf(hourOf(until));
  const queries = queriesOf(source);
  const series = await Promise.all(
    queries.flatMap((query) => [
      lastBefore(api, query, since),
      api.range(query(FAILED_SCRAPES), first, last, HOUR_MS),
      api.instant(query(FAILED_SCRAPES), until),
    ]),
  );
  const moments = byMoment(series.flat());
  const times = [since, ...hoursBetween(first, last), until].filter(
    (time, i, all) => all.indexOf(time) === i,
  );
  return times.map((timeMs) => ({ timeMs, counters: moments.get(Math.round(timeMs)) }));
}

/** Before Prometheus knew the source nothing was counted, but it may have been away for long. */
async function lastBefore(api: PrometheusApi, query: Query, timeMs: number): Promise<Series[]> {
  const known = await api.instant(query(FAILED_SCRAPES), timeMs);
  return known.length > 0 ? known : api.instant(query(LONGEST_GAP), timeMs);
}

/** The newest samples within a range, as PromQL. */
type Query = (range: string) => string;

function queriesOf(source: string): Query[] {
  const newest =
    ({ name }: MetricDefinition, by: string, matchers = ''): Query =>
    (range) =>
      `sum by (${by}) (${onceEach(`last_over_time(${name}{${sourceIs(source)}${matchers}}[${range}])`)})`;
  return [
    newest(LEDGER_METRICS.requests, 'code'),
    newest(LEDGER_METRICS.lines, 'outcome', ', outcome!="classified"'),
  ];
}

function* hoursBetween(first: number, last: number): Generator<number> {
  for (let time = first; time <= last; time += HOUR_MS) yield time;
}

function byMoment(series: readonly Series[]): Map<number, Map<string, number>> {
  const moments = new Map<number, Map<string, number>>();
  for (const { labels, samples } of series)
    for (const [timeMs, value] of samples) {
      const counters = moments.get(Math.round(timeMs)) ?? new Map<string, number>();
      moments.set(Math.round(timeMs), counters.set(labels['code'] ?? labels['outcome'] ?? '', value));
    }
  return moments;
}

/** What was counted where Prometheus has no sample is found at its next one. */
function differences(moments: readonly Moment[]): LinesByHour {
  const lines = new Map<number, Map<string, number>>();
  let before: ReadonlyMap<string, number> = moments[0]?.counters ?? new Map();
  moments.slice(1).forEach(({ counters }, i) => {
    if (!counters) return;
    const grown = [...counters].map(([kind, value]): [string, number] => [
      kind,
      value - (before.get(kind) ?? 0),
    ]);
    const hour = hourOf(moments[i]!.timeMs);
    lines.set(hour, new Map(grown.filter(([, count]) => count !== 0)));
    before = counters;
  });
  return lines;
}
