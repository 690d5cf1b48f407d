import { closeSync, createWriteStream, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UnreadableInput, UsageError, type Io } from './io.js';

const STANDARD_OUTPUT = '-';

/** A file that is written at the end of a long run; `-` is standard output. */
export class OutputFile {
  /** @throws UsageError now rather than then if it cannot be written */
  constructor(
    private readonly file: string,
    private readonly io: Io,
  ) {
    if (this.isStandardOutput) return;
    try {
      closeSync(openSync(file, 'a'));
    } catch (error) {
      throw new UsageError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }

  get isStandardOutput(): boolean {
    return this.file === STANDARD_OUTPUT;
  }

  /** Replaces what the file held; a piece is made when the one before has been written. */
  async write(pieces: Iterable<string>): Promise<void> {
    const { io, file, isStandardOutput } = this;
    try {
      if (isStandardOutput) await pipeline(Readable.from(pieces), io.stdout, { end: false });
      else await pipeline(Readable.from(pieces), createWriteStream(file));
    } catch (error) {
      throw new UnreadableInput(`cannot write ${file}: ${(error as Error).message}`);
    }
  }
}
