import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Lines } from '#verdict';
import { UnreadableInput, UsageError, type Io } from './io.js';
import { Progress } from './progress.js';

const STDIN = '-';

/**
 * Reads log files, plain or .gz, piece by piece; `-` is standard input.
 * @param quiet does not tell which format each was read as
 * @param begin called for each file
 * @throws UsageError if there is no such file @throws UnreadableInput if one is damaged
 */
export async function readLogFiles(
  files: readonly string[],
  io: Io,
  quiet: boolean,
  begin: () => Lines,
): Promise<void> {
  const progress = new Progress(totalSize(files), io);
  try {
    for (const file of files) {
      const lines = begin();
      await readInto(lines, file, io, progress);
      if (!quiet) io.stderr.write(`${file}: ${lines.formatChosen()}\n`);
    }
  } finally {
    progress.stop();
  }
}

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
