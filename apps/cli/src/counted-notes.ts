import { LEDGER_METRICS, SCRAPED_METRICS, type MetricDefinition } from '#metric-names';
import { minuteText, type Span } from './hours.js';
import type { PrometheusApi } from './prometheus-api.js';

/** The counters at a moment, by kind of line. */
export interface Moment {
  readonly timeMs: number;
  /** Undefined where Prometheus has no sample. */
  readonly counters: ReadonlyMap<string, number> | undefined;
}

/** Exporters show the same ledger: the largest of them tells. */
export const onceEach = (vector: string): string => `max without (instance, pod) (${vector})`;

export const sourceIs = (source: string): string => `source=${JSON.stringify(source)}`;

/** What makes numbers of a span less than exact, or tells why they differ. */
export async function notesOn(
  api: PrometheusApi,
  source: string,
  { since, until }: Span,
  moments: readonly Moment[],
): Promise<string[]> {
  const range = `[${Math.ceil((until - since) / 1000)}s]`;
  const sum = async (vector: string): Promise<number> =>
    (await api.instant(`sum(${onceEach(vector)})`, until))[0]?.samples[0]?.[1] ?? 0;
  const grown = ({ name }: MetricDefinition, matchers = ''): Promise<number> =>
    sum(`max_over_time(${name}${matchers}${range}) - min_over_time(${name}${matchers}${range})`);
  const ofSource = `{${sourceIs(source)}}`;
  const lines = `${LEDGER_METRICS.lines.name}${ofSource}${range}`;
  const early = moments[0]?.counters ? 0 : await sum(`min_over_time(${lines})`);
  const dead = await grown(LEDGER_METRICS.deadBatches, ofSource);
  const waiting = await sum(SCRAPED_METRICS.queueBatches.name);
  return [
    ...missing(moments),
    ...when(
      early > 0,
      `${early} lines were counted before Prometheus knew the source; its first hour has them.`,
    ),
    ...when(waiting > 0, `${waiting} batches wait in the queue and are not counted yet.`),
    ...when(dead > 0, `${dead} batches of this source are dead: nothing in them was counted.`),
    ...when((await grown(SCRAPED_METRICS.ledgerRegressions)) > 0, WENT_BACK),
    ...when((await sum(`resets(${lines})`)) > 0, WERE_RESET),
  ];
}

const WENT_BACK = 'The ledger went back within this time: what was counted around it is approximate.';
const WERE_RESET = 'Counters were reset within this time, so that differences between them mean little.';

function missing(moments: readonly Moment[]): string[] {
  const first = moments.findIndex(({ counters }) => counters);
  if (first === -1) return ['Prometheus has no sample of this source within this time.'];
  const gaps = moments.slice(first, -1).filter(({ counters }) => !counters);
  return [
    ...gaps
      .slice(0, 1)
      .map(
        ({ timeMs }) =>
          `Prometheus has no sample of ${minuteText(timeMs)} (${gaps.length} such hours); the next one has its lines.`,
      ),
    ...when(!moments.at(-1)!.counters, 'Prometheus has no sample of the end: is the exporter scraped?'),
  ];
}

const when = (holds: boolean, note: string): string[] => (holds ? [note] : []);
