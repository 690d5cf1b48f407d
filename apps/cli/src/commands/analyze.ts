import { FORMAT_NAMES } from '#access-log';
import { SourceReader, lensOf } from '#verdict';
import { parse } from '../arguments.js';
import { UsageError, jsonLine, type Command } from '../io.js';
import { knownSettings, mustKnowVendor } from '../known-settings.js';
import { readLogFiles } from '../log-files.js';
import { summarize, summaryTable } from '../summary.js';

const LONGEST_LINE = 64 * 1024;
const NO_BUCKETS = { durationMicros: [], retryAfterSeconds: [], delayMs: [] };

/** Judges log files without any server. */
export const analyze: Command = {
  usage: 'statuslens analyze [--vendor V|auto] [--format F|auto] [--json] [--config FILE] FILE…|-',
  about: 'judges the lines of log files, plain or .gz, without Redis',
  async run(args, io) {
    const { values, positionals: files } = parse(args, {
      vendor: { type: 'string', default: 'auto' },
      format: { type: 'string', default: 'auto' },
      json: { type: 'boolean', default: false },
      config: { type: 'string' },
    });
    if (files.length === 0) throw new UsageError('needs a file, or - for standard input');
    const catalogue = knownSettings(values.config, io).catalogue;
    mustKnowVendor(catalogue, values.vendor, ['auto', 'unknown']);
    mustKnowFormat(values.format);
    const reader = new SourceReader(lensOf(catalogue), { vendor: values.vendor, format: values.format });
    const now = Date.now();
    const tally = reader.newTally(NO_BUCKETS, { receivedAt: now, now, lateAfterMs: Infinity });
    await readLogFiles(files, io, values.json, () => reader.begin(tally, LONGEST_LINE));
    const summary = summarize(tally);
    io.stdout.write(values.json ? jsonLine(summary) : summaryTable(summary));
    return 0;
  },
};

function mustKnowFormat(format: string): void {
  const known = ['auto', ...FORMAT_NAMES];
  if (!known.includes(format))
    throw new UsageError(`unknown format "${format}"; known are: ${known.join(', ')}`);
}
