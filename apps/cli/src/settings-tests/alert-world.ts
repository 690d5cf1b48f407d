import { LEDGER_METRICS, SCRAPED_METRICS, type MetricDefinition } from '#metric-names';
import { VERSION, ruleScopeOf, type Settings, type Source } from '#settings';
import type { LedgerSample } from '#verdict';
import type { CountedLog } from './counted-log.js';
import type { PlannedTest } from './planned-test.js';

/** When the log comes, and how often Prometheus looks. */
export interface Timing {
  readonly repeatMs: number;
  readonly forMs: number;
  readonly scrapeMs: number;
}

/** A series over time, as promtool reads it. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** What Prometheus itself adds to every series. */
const TARGET = { job: 'statuslens', instance: 'statuslens:9477' };

/**
 * What an exporter would have shown: a statuslens that is well, and one source whose log comes again and again.
 * Counters begin as the real ones do: what can be foreseen at 0, the rest with its first line.
 */
export function alertWorld(
  counted: CountedLog,
  { source, settings }: Pick<PlannedTest, 'source' | 'settings'>,
  timing: Timing,
): InputSeries[] {
  const { lagMs } = counted;
  return [
    ...ledgerSeries(counted, timing),
    ...(lagMs === undefined ? [] : [lastEventSeries(source, lagMs, timing)]),
    ...statesOf(source, settings).map(([{ name }, labels, value]) => ({
      series: seriesName(name, labels),
      values: overTime(timing, () => value),
    })),
  ];
}

const keyOf = ({ suffix, labels }: LedgerSample): string => JSON.stringify([suffix, labels]);

/** Without vendors that no line is judged by: their series would stay at 0, and only cost promtool its time. */
function ledgerSeries({ lines, samples, zeros }: CountedLog, timing: Timing): InputSeries[] {
  const vendors = new Set<string | undefined>(
    lines.map((line) => ('vendor' in line ? line.vendor : undefined)),
  );
  const isSilent = ({ labels: { vendor } }: LedgerSample): boolean =>
    vendor !== undefined && !vendors.has(vendor);
  return [...samples].flatMap(([metric, ofMetric]) => {
    const foreseen = new Set(zeros.get(metric)?.map(keyOf));
    if (metric === 'lastEvent') return [];
    return ofMetric
      .filter((sample) => !isSilent(sample))
      .map((sample) => ({
        series: seriesName(`${LEDGER_METRICS[metric].name}${sample.suffix}`, sample.labels),
        values: overTime(timing, (arrivals) =>
          arrivals > 0 || foreseen.has(keyOf(sample)) ? arrivals * sample.value : undefined,
        ),
      }));
  });
}

const lastEventSeries = ({ name }: Source, lagMs: number, timing: Timing): InputSeries => ({
  series: seriesName(LEDGER_METRICS.lastEvent.name, { source: name }),
  values: overTime(timing, (arrivals) =>
    arrivals > 0 ? (arrivals * timing.repeatMs - lagMs) / 1000 : undefined,
  ),
});

/** Of prom-client; promtool's time begins with the process. */
const PROCESS_START = { name: 'process_start_time_seconds' };

type State = [
  definition: Pick<MetricDefinition, 'name'>,
  labels: Readonly<Record<string, string>>,
  value: number,
];

/** What does not change: the settings, an empty queue, a Redis that writes. */
const statesOf = ({ name, labels, heartbeatMs }: Source, settings: Settings): State[] => [
  [PROCESS_START, {}, 0],
  [SCRAPED_METRICS.buildInfo, { version: VERSION }, 1],
  [SCRAPED_METRICS.rulesInfo, { revision: ruleScopeOf(settings).revision }, 1],
  [SCRAPED_METRICS.sourceInfo, { ...labels, source: name }, 1],
  ...(heartbeatMs === undefined
    ? []
    : [[SCRAPED_METRICS.heartbeat, { source: name }, heartbeatMs / 1000] as State]),
  [SCRAPED_METRICS.queueBatches, { state: 'waiting' }, 0],
  [SCRAPED_METRICS.queueBytes, {}, 0],
  [SCRAPED_METRICS.oldestBatchAge, {}, 0],
  [SCRAPED_METRICS.redisPersistence, {}, 1],
];

/** JSON writes strings as PromQL reads them. */
const seriesName = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries({ ...labels, ...TARGET })
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;

/** A value per scrape, from the number of times that the log has come; `_` is none. */
function overTime(
  { repeatMs, forMs, scrapeMs }: Timing,
  valueAfter: (arrivals: number) => number | undefined,
): string {
  const scrapes = Math.floor(forMs / scrapeMs) + 1;
  const values = Array.from({ length: scrapes }, (_, i) =>
    String(valueAfter(Math.floor((i * scrapeMs) / repeatMs)) ?? '_'),
  );
  return values.every((value) => value === values[0]) ? `${values[0]}x${scrapes - 1}` : values.join(' ');
}
