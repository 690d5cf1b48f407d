import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FORMAT_NAMES } from '#access-log';
import { SourceReader, lensOf, type Lines, type Tally } from '#verdict';
import { parse } from '../arguments.js';
import { UnreadableInput, UsageError, jsonLine, type Command, type Io } from '../io.js';
import { knownSettings, mustKnowVendor } from '../known-settings.js';
import { Progress } from '../progress.js';
import { summarize, summaryTable } from '../summary.js';

const STDIN = '-';
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
    await readFiles(files, reader, tally, io, values.json);
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

async function readFiles(
  files: readonly string[],
  reader: SourceReader,
  tally: Tally,
  io: Io,
  quiet: boolean,
): Promise<void> {
  const progress = new Progress(totalSize(files), io);
  try {
    for (const file of files) {
      const lines = reader.begin(tally, LONGEST_LINE);
      await readInto(lines, file, io, progress);
      if (!quiet) io.stderr.write(`${file}: ${lines.formatChosen()}\n`);
    }
  } finally {
    progress.stop();
  }
}

/** @throws UsageError if a file cannot be read */
const totalSize = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + (file === STDIN ? 0 : sizeOf(file)), 0);

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read ${file}: ${code === 'ENOENT' ? 'no such file' : code}`);
  }
}

async function readInto(lines: Lines, file: string, io: Io, progress: Progress): Promise<void> {
  const raw: Readable = file === STDIN ? io.stdin : createReadStream(file, { highWaterMark: 1024 * 1024 });
  raw.on('data', (chunk: Buffer) => progress.advance(chunk.length));
  raw.pause();
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip({ chunkSize: 256 * 1024 })) : raw;
  raw.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) lines.push(chunk as Buffer);
  } catch (error) {
    throw new UnreadableInput(`cannot read ${file}: ${(error as Error).message}`);
  }
  lines.end();
}
