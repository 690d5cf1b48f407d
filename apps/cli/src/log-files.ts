import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Lines } from '#verdict';
import { UnreadableInput, UsageError, type Io } from './io.js';
import { Progress } from './progress.js';

const STDIN = '-';

/** Takes the lines of one file. */
export interface FileLines extends Omit<Lines, 'writing'> {
  /**
   * Until when the file has been read, by the times of its lines: of several files, the one that is furthest behind is
   * read next. Files without it are read one after the other.
   */
  reachedMs?(): number;
}

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
  begin: () => FileLines,
): Promise<void> {
  const progress = await Progress.start(totalSize(files), io);
  const logs = files.map((file) => new LogFile(file, begin(), io, progress));
  try {
    for (let open = logs; open.length > 0; open = open.filter(({ isOpen }) => isOpen))
      await furthestBehind(open).readPiece();
  } finally {
    for (const log of logs) log.close();
    progress.stop();
  }
  if (!quiet) for (const { file, lines } of logs) io.stderr.write(`${file}: ${lines.formatChosen()}\n`);
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

const reachedBy = ({ lines }: LogFile): number => lines.reachedMs?.() ?? 0;

/** The first of those that are equally far. */
const furthestBehind = (logs: readonly LogFile[]): LogFile =>
  logs.reduce((furthest, log) => (reachedBy(log) < reachedBy(furthest) ? log : furthest));

/** A log file that is opened when its first piece is read. */
class LogFile {
  isOpen = true;
  private stream: Readable | undefined;
  private pieces: AsyncIterator<Buffer> | undefined;

  constructor(
    readonly file: string,
    readonly lines: FileLines,
    private readonly io: Io,
    private readonly progress: Progress,
  ) {}

  /** @throws UnreadableInput */
  async readPiece(): Promise<void> {
    this.pieces ??= this.open()[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const piece = await this.pieces.next().catch((error: Error) => {
      throw new UnreadableInput(`cannot read ${this.file}: ${error.message}`);
    });
    if (piece.done !== true) return this.lines.push(piece.value);
    this.lines.end();
    this.isOpen = false;
  }

  close(): void {
    this.stream?.destroy();
  }

  private open(): Readable {
    const { file, io, progress } = this;
    const raw: Readable = file === STDIN ? io.stdin : createReadStream(file, { highWaterMark: 1024 * 1024 });
    raw.on('data', (chunk: Buffer) => progress.advance(chunk.length));
    raw.pause();
    const stream = file.endsWith('.gz') ? raw.pipe(createGunzip({ chunkSize: 256 * 1024 })) : raw;
    raw.on('error', (error) => stream.destroy(error));
    this.stream = raw;
    return stream;
  }
}
