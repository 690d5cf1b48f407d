import { statSync } from 'node:fs';
import { FORMAT_NAMES } from '#access-log';
import { lensOf } from '#verdict';
import { KINDS, type KindName } from '../analysis/grouping.js';
import { reportOf } from '../analysis/report.js';
import type { StepPoints } from '../analysis/step-points.js';
import { textReport } from '../analysis/text-report.js';
import { isCountedAlone, type Surroundings, type Wanted } from '../analysis/wanted.js';
import { parse } from '../arguments.js';
import { CountingThreads } from '../counting/counting-threads.js';
import { SharedCounting, WORTH_THREADS_BYTES } from '../counting/shared-counting.js';
import type { Span } from '../hours.js';
import { UsageError, jsonLine, type Command, type Io } from '../io.js';
import { knownSettings, mustKnowVendor, sourceOf } from '../known-settings.js';
import { readLogFiles } from '../log-files.js';
import { durationMs, spanAsked } from '../moment-text.js';
import { OutputFile } from '../output-file.js';
import { summaryTable } from '../summary.js';

const LONGEST_LINE = 64 * 1024;
/** The label `source` of what does not come from a source of the settings. */
const NO_SOURCE = 'analyze';
const USUAL_DEVICES = 200;
const STANDARD_OUTPUT = '-';
/** So many times longer a log is than its .gz. */
const USUAL_RATIO = 10;

const OPTIONS = {
  source: { type: 'string' },
  vendor: { type: 'string' },
  format: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  by: { type: 'string', multiple: true, default: [] as string[] },
  top: { type: 'string', default: '20' },
  conduct: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  html: { type: 'string' },
  openmetrics: { type: 'string' },
  step: { type: 'string' },
  config: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse<typeof OPTIONS>>['values'];

/** Judges log files without any server. */
export const analyze: Command = {
  usage:
    'statuslens analyze [--source S | [--vendor V|auto] [--format F|auto]] [--since T] [--until T]\n' +
    '       [--by 5m|device|consumer|route|code]… [--top N] [--conduct] [--json] [--html FILE]\n' +
    '       [--openmetrics FILE|- [--step 1m]] [--config FILE] FILE…|-',
  about: 'judges the lines of log files, plain or .gz, without Redis',
  options: [
    '  --source S     reads as for this source of the settings: its format, consumers, ignore …',
    '  --since T      from then on; as 2026-11-21, 2026-11-21T07:00 (UTC), or 2h for two hours ago',
    '  --until T      before then',
    '  --by 5m        verdicts by stretches of time; by device, consumer, route or code; several times',
    '  --top 20       so many groups of each kind, the worst ones; "others" has the rest',
    '  --conduct      what callers did next: retries, promised waits, storms, writes sent twice',
    '  --json         all of it as one JSON document',
    '  --html FILE    all of it as one page for people; - is standard output',
    '  --openmetrics FILE  counters over time, for promtool tsdb create-blocks-from openmetrics',
    '  --step 1m      a sample of each counter every so often',
  ],
  async run(args, io) {
    const { values, positionals: files } = parse(args, OPTIONS);
    if (files.length === 0) throw new UsageError('needs a file, or - for standard input');
    const now = Date.now();
    const call: Call = {
      values,
      files,
      now,
      wanted: wantedBy(values, now),
      top: countOf('--top', values.top),
    };
    await (isCountedAlone(call.wanted) ? printVerdicts(call, io) : printReview(call, io));
    return 0;
  },
};

/** What is asked. */
interface Call {
  readonly values: Values;
  readonly files: readonly string[];
  readonly wanted: Wanted;
  readonly top: number;
  readonly now: number;
}

/** Whichever thread has nothing to do counts the next lines. */
async function printVerdicts(call: Call, io: Io): Promise<void> {
  const { files, top } = call;
  const { span } = call.wanted;
  const threads = new CountingThreads();
  try {
    if (areLong(files)) threads.start();
    const { lens, reading, ignoredAddresses, maxLineBytes } = surroundingsOf(call, io);
    const sharing = new SharedCounting(lens, { reading, ignoredAddresses, maxLineBytes, span }, threads);
    await readLogFiles(files, io, false, () => sharing.begin());
    const report = reportOf(await sharing.end(), span, top);
    io.stdout.write(`${summaryTable(report)}${textReport(report, [], top)}`);
  } finally {
    await threads.close();
  }
}

/** Whether other threads may be of use before standard input is known to be long, too. */
const areLong = (files: readonly string[]): boolean =>
  files.reduce((sum, file) => sum + likelyBytes(file), 0) >= WORTH_THREADS_BYTES;

function likelyBytes(file: string): number {
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return file.endsWith('.gz') ? USUAL_RATIO * size : size;
}

/** One thread reads all files, those side by side that tell of the same time. */
async function printReview(call: Call, io: Io): Promise<void> {
  const { values, files, wanted, top } = call;
  const surroundings = surroundingsOf(call, io);
  const [html, metrics] = [outputOf(values.html, files, io), outputOf(values.openmetrics, files, io)];
  if ([values.json, html?.isStandardOutput, metrics?.isStandardOutput].filter(Boolean).length > 1)
    throw new UsageError('standard output takes one of --json, --html and --openmetrics');
  const { LogReview } = await import('../analysis/log-review.js');
  const log = new LogReview(wanted, surroundings);
  await readLogFiles(files, io, values.json, () => log.begin());
  log.end();
  const report = reportOf(log, wanted.span, top);
  if (html) await html.write([(await import('../analysis/html/page.js')).htmlPage(report, log)]);
  if (metrics) await writeMetrics(metrics, log.backfill!.points, wanted, io);
  if (html?.isStandardOutput || metrics?.isStandardOutput) return;
  io.stdout.write(
    values.json ? jsonLine(report) : `${summaryTable(report)}${textReport(report, log.tables, top)}`,
  );
}

async function writeMetrics(file: OutputFile, points: StepPoints, { stepMs }: Wanted, io: Io): Promise<void> {
  const { openMetrics } = await import('../analysis/openmetrics.js');
  await file.write(openMetrics(points));
  if (points.stepMs !== stepMs)
    io.stderr.write(`--step is ${points.stepMs / 1000}s: shorter ones would be too many to keep\n`);
}

function wantedBy({ since, until, by, conduct, json, html, openmetrics, step }: Values, now: number): Wanted {
  const span: Partial<Span> = spanAsked({ since, until }, now);
  if ((span.since ?? 0) >= (span.until ?? Infinity)) throw new UsageError('--since must be before --until');
  if (step !== undefined && openmetrics === undefined) throw new UsageError('--step needs --openmetrics');
  const page = html !== undefined;
  const asked = [...new Set(by)].map(groupingAsked);
  return {
    span,
    by: page ? [...asked, ...KIND_NAMES.filter((kind) => !asked.includes(kind))] : asked,
    conduct: conduct || json || page,
    timeline: page,
    stepMs: openmetrics === undefined ? undefined : stepOf(step ?? '1m'),
  };
}

const KIND_NAMES = Object.keys(KINDS) as KindName[];

function groupingAsked(text: string): Wanted['by'][number] {
  if (Object.hasOwn(KINDS, text)) return text as KindName;
  const widthMs = durationMs(text);
  if (widthMs !== undefined) return { text, widthMs };
  throw new UsageError(
    `--by is "${text}"; it must be a duration such as 5m, or one of: ${KIND_NAMES.join(', ')}`,
  );
}

function stepOf(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new UsageError(`--step is "${text}"; it must be a duration such as 30s or 1m`);
}

function countOf(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`${option} is "${text}"; it must be a number from 1 to 999999`);
}

function outputOf(file: string | undefined, inputs: readonly string[], io: Io): OutputFile | undefined {
  if (file === undefined) return undefined;
  if (file !== STANDARD_OUTPUT && inputs.includes(file))
    throw new UsageError(`${file} is read and cannot be written, too`);
  return new OutputFile(file, io);
}

function surroundingsOf({ values, now }: Call, io: Io): Surroundings {
  const settings = knownSettings(values.config, io);
  const { catalogue, conduct, lateAfterMs, ingest } = settings;
  const known = { lens: lensOf(catalogue), conduct, lateAfterMs, now };
  if (values.source !== undefined) {
    if (values.vendor !== undefined || values.format !== undefined)
      throw new UsageError('--source says vendor and format already');
    const source = sourceOf(values.source, settings);
    const { name, maxDevices, ignore } = source;
    const ignoredAddresses = ignore?.addresses ?? [];
    return {
      ...known,
      source: name,
      reading: source,
      ignoredAddresses,
      maxDevices,
      maxLineBytes: ingest.max_line,
    };
  }
  const { vendor = 'auto', format = 'auto' } = values;
  mustKnowVendor(catalogue, vendor, ['auto', 'unknown']);
  mustKnowFormat(format);
  return {
    ...known,
    source: NO_SOURCE,
    reading: { vendor, format },
    ignoredAddresses: [],
    maxDevices: USUAL_DEVICES,
    maxLineBytes: LONGEST_LINE,
  };
}

function mustKnowFormat(format: string): void {
  const known = ['auto', ...FORMAT_NAMES];
  if (!known.includes(format))
    throw new UsageError(`unknown format "${format}"; known are: ${known.join(', ')}`);
}
