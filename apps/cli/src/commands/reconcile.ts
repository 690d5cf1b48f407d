import { SourceReader, lensOf } from '#verdict';
import type { Settings, Source } from '#settings';
import { parse } from '../arguments.js';
import { countedHours } from '../counted-hours.js';
import { minuteText, type Span } from '../hours.js';
import { UsageError, jsonLine, type Command, type Io } from '../io.js';
import { knownSettings, sourceOf } from '../known-settings.js';
import { readLogFiles } from '../log-files.js';
import { LoggedHours } from '../logged-hours.js';
import { spanAsked } from '../moment-text.js';
import { PrometheusApi } from '../prometheus-api.js';
import { reconcileLines, reconciliationTable, type Reconciliation } from '../reconciliation.js';

const OPTIONS = {
  prometheus: { type: 'string' },
  source: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  json: { type: 'boolean', default: false },
  config: { type: 'string' },
} as const;

/** Whether every line of log files was counted, and when. */
export const reconcile: Command = {
  usage:
    'statuslens reconcile FILE… --prometheus URL --source S [--since T] [--until T] [--json]\n' +
    '       [--config FILE]\n' +
    '  T as 2026-11-21 or 2026-11-21T07:00 (UTC), or 2h for two hours ago; without --since from the\n' +
    '  first line of the files on',
  about: 'compares log files with what Prometheus has counted of them, per hour and status',
  async run(args, io) {
    const { values, positionals: files } = parse(args, OPTIONS);
    if (files.length === 0) throw new UsageError('needs a file, or - for standard input');
    const api = new PrometheusApi(addressOf(values.prometheus));
    const bounds = spanAsked(values, Date.now());
    const settings = knownSettings(values.config, io);
    if (values.source === undefined)
      throw new UsageError('needs --source, the one that the lines were sent to');
    const source = sourceOf(values.source, settings);
    const logged = await loggedHours(files, io, values.json, source, settings, bounds);
    const span = spanOf(bounds, logged);
    const { lines, notes } = await countedHours(api, source.name, span);
    const outcome = reconcileLines(logged.lines, lines);
    if (values.json) {
      const [since, until] = [span.since, span.until].map((time) => new Date(time).toISOString());
      io.stdout.write(
        jsonLine({ source: source.name, since, until, ...outcome, outside: logged.outside, notes }),
      );
    } else io.stdout.write(page(source, span, outcome, [...notes, ...noteOnOutside(logged)]));
    return outcome.equal ? 0 : 1;
  },
};

function addressOf(text: string | undefined): URL {
  if (text === undefined) throw new UsageError('needs --prometheus, such as http://localhost:9090');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(`--prometheus is "${text}"; it must be an address such as http://localhost:9090`);
}

/** Reads the files as a worker reads what is sent to the source. */
async function loggedHours(
  files: readonly string[],
  io: Io,
  quiet: boolean,
  source: Source,
  { catalogue, ingest }: Settings,
  bounds: Partial<Span>,
): Promise<LoggedHours> {
  const reader = new SourceReader(lensOf(catalogue), source);
  const logged = new LoggedHours(catalogue, bounds);
  await readLogFiles(files, io, quiet, () => {
    const lines = reader.begin(logged, ingest.max_line);
    return {
      ...lines,
      end: () => {
        lines.end();
        logged.endFile();
      },
    };
  });
  return logged;
}

function spanOf({ since, until = Date.now() }: Partial<Span>, { firstMs }: LoggedHours): Span {
  const start = since ?? firstMs;
  if (start === undefined)
    throw new UsageError('no line has a time, so --since must say from when on they were counted');
  if (start >= until)
    throw new UsageError(`nothing lies between ${minuteText(start)} and ${minuteText(until)} UTC`);
  return { since: start, until };
}

const noteOnOutside = ({ outside }: LoggedHours): string[] =>
  outside > 0 ? [`${outside} lines of the files were logged before or after, and are left out.`] : [];

const page = (
  { name }: Source,
  { since, until }: Span,
  outcome: Reconciliation,
  notes: readonly string[],
): string =>
  [
    `source ${name}, counted from ${minuteText(since)} to ${minuteText(until)} UTC`,
    '',
    reconciliationTable(outcome),
    ...notes.map((note) => `${note}\n`),
  ].join('\n');
