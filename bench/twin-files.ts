import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { TWINS, requests, type Twin, type TwinLog } from './twin-log.js';

const TWIN_NAMES = Object.keys(TWINS) as Twin[];
const PIECE = 4 * 1024 * 1024;

/** Where a log lies: the twins, and what gzip makes of them. */
export type TwinFiles = Readonly<Record<Twin, { readonly log: string; readonly gz: string }>>;

/** Writes the same requests in all formats. @param told how many lines there are so far */
export async function writeTwins(
  folder: string,
  log: TwinLog,
  told: (lines: number) => void,
): Promise<TwinFiles> {
  const files = Object.fromEntries(
    TWIN_NAMES.map((twin) => [
      twin,
      { log: join(folder, `${twin}.log`), gz: join(folder, `${twin}.log.gz`) },
    ]),
  ) as TwinFiles;
  const writers = TWIN_NAMES.map((twin) => new TextFile(files[twin].log, TWINS[twin]));
  let lines = 0;
  for (const seen of requests(log)) {
    for (const writer of writers) writer.add(seen);
    if (++lines % 100_000 === 0) told(lines);
  }
  for (const writer of writers) writer.close();
  for (const twin of TWIN_NAMES)
    await pipeline(createReadStream(files[twin].log), createGzip(), createWriteStream(files[twin].gz));
  return files;
}

type Seen = Parameters<(typeof TWINS)[Twin]>[0];

class TextFile {
  private readonly file: number;
  private text = '';

  constructor(
    path: string,
    private readonly lineOf: (seen: Seen) => string,
  ) {
    this.file = openSync(path, 'w');
  }

  add(seen: Seen): void {
    this.text += `${this.lineOf(seen)}\n`;
    if (this.text.length > PIECE) this.flush();
  }

  close(): void {
    this.flush();
    fsyncSync(this.file); // else the disk is busy with it while others are measured
    closeSync(this.file);
  }

  private flush(): void {
    writeSync(this.file, this.text);
    this.text = '';
  }
}
