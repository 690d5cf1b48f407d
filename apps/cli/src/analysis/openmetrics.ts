import {
  LEDGER_METRICS,
  parseLedgerField,
  type LedgerEntry,
  type LedgerMetric,
  type MetricDefinition,
} from '#metric-names';
import { BACKFILLED_METRICS } from './backfill.js';
import type { StepPoints } from './step-points.js';

/** Text is given out in pieces of about so many characters. */
const PIECE = 64 * 1024;

/** So long samples go on when nothing happens any more. */
const QUIET_MS = 3_600_000;

/** A series as it is stored: its field and what that says. */
type Stored = readonly [field: string, entry: LedgerEntry];

/**
 * https://prometheus.io/docs/specs/om/open_metrics_spec/: every series from 0 at the start of the first step to what it was
 * at the end of each, as if it had been scraped then, but for hours in which nothing happened at all. Metrics stand
 * together, series in them, and points in these by time.
 */
export function* openMetrics(points: StepPoints): Generator<string> {
  let piece = '';
  for (const line of lines(points)) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}# EOF\n`;
}

function* lines(points: StepPoints): Generator<string> {
  const moments = points.moments(QUIET_MS);
  const stored = new Map<LedgerMetric, Stored[]>();
  for (const field of points.names) {
    const entry = parseLedgerField(field)!;
    const known = stored.get(entry.metric);
    if (known) known.push([field, entry]);
    else stored.set(entry.metric, [[field, entry]]);
  }
  for (const metric of BACKFILLED_METRICS) {
    const series = stored.get(metric);
    if (!series) continue;
    const definition: MetricDefinition = LEDGER_METRICS[metric];
    const family = definition.name.replace(/_total$/, '');
    yield `# HELP ${family} ${escaped(definition.help)}\n# TYPE ${family} ${definition.type}\n`;
    yield* definition.type === 'histogram'
      ? histograms(points, moments, definition, series)
      : singles(points, moments, definition, series);
  }
}

function* singles(
  points: StepPoints,
  moments: readonly number[],
  definition: MetricDefinition,
  series: readonly Stored[],
): Generator<string> {
  for (const [field, { labels }] of series) {
    const head = `${definition.name}${braced(labelsOf(definition, labels))} `;
    const levels = definition.type === 'gauge' ? gaugeLevels : counterLevels;
    let at = 0;
    for (const level of levels(points, moments, field)) {
      const time = timeOf(points, moments[at++]!);
      if (level !== undefined) yield `${head}${level / (definition.scale ?? 1)} ${time}\n`;
    }
  }
}

/** Buckets, count and sum of each moment together. */
function* histograms(
  points: StepPoints,
  moments: readonly number[],
  definition: MetricDefinition,
  series: readonly Stored[],
): Generator<string> {
  const bounds = [...(definition.buckets ?? []).map(String), '+Inf'];
  for (const [labels, parts] of byLabels(series)) {
    const pairs = labelsOf(definition, labels);
    const levelsOf = (part: number | 'sum'): Iterator<number> | undefined => {
      const field = parts.get(part);
      return field === undefined ? undefined : counterLevels(points, moments, field);
    };
    const buckets = bounds.map((_, i) => levelsOf(i));
    const sums = levelsOf('sum');
    for (const moment of moments) {
      const time = timeOf(points, moment);
      let count = 0;
      for (let i = 0; i < bounds.length; i++) {
        count += next(buckets[i]);
        yield `${definition.name}_bucket${braced([...pairs, `le="${bounds[i]}"`])} ${count} ${time}\n`;
      }
      yield `${definition.name}_count${braced(pairs)} ${count} ${time}\n`;
      yield `${definition.name}_sum${braced(pairs)} ${next(sums) / (definition.scale ?? 1)} ${time}\n`;
    }
  }
}

const next = (levels: Iterator<number> | undefined): number =>
  (levels?.next().value as number | undefined) ?? 0;

/** The fields of each histogram by their part. */
function byLabels(series: readonly Stored[]): Map<readonly string[], Map<number | 'sum', string>> {
  const keys = new Map<string, readonly string[]>();
  const all = new Map<readonly string[], Map<number | 'sum', string>>();
  for (const [field, { labels, part }] of series) {
    const key = labels.join('|');
    const known = keys.get(key) ?? labels;
    keys.set(key, known);
    const parts = all.get(known) ?? new Map<number | 'sum', string>();
    all.set(known, parts.set(part!, field));
  }
  return all;
}

/** What a counter was at each moment. */
function* counterLevels(points: StepPoints, moments: readonly number[], field: string): Generator<number> {
  const { steps, values } = points.pointsOf(field);
  let [level, at] = [0, 0];
  for (const moment of moments) {
    while (steps[at]! < moment) level += values[at++]!;
    yield level;
  }
}

/** What a gauge was at each moment; undefined before it was known. */
function* gaugeLevels(
  points: StepPoints,
  moments: readonly number[],
  field: string,
): Generator<number | undefined> {
  const { steps, values } = points.pointsOf(field);
  let at = 0;
  for (const moment of moments) {
    while (steps[at]! < moment) at++;
    yield values[at - 1];
  }
}

/** Seconds. */
const timeOf = ({ stepMs }: StepPoints, moment: number): number => (moment * stepMs) / 1000;

const labelsOf = (definition: MetricDefinition, values: readonly string[]): string[] =>
  definition.labels.map((name, i) => `${name}="${escaped(values[i]!)}"`);

const braced = (pairs: readonly string[]): string => (pairs.length > 0 ? `{${pairs.join(',')}}` : '');

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
