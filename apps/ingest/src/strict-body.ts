import { setImmediate } from 'node:timers/promises';
import { createGzip, constants, type Gzip } from 'node:zlib';
import { ReducedLines } from '#access-log';
import { Unreadable, inflate } from '#batches';
import type { Settings } from '#settings';
import type { LineReducer } from '#verdict';
import { mustBeLog, refusalOfUnreadable, tooLargeInflated, type Body, type SentBody } from './body.js';
import type { Hold } from './inflight.js';

/** What inflating, reading and compressing take beside the body and what is kept of it. */
const WORKING_BYTES = 1024 ** 2;

/**
 * Makes of a body the lines that may be stored. It is read piece by piece, with a turn for every other request in
 * between, and its memory is held: the body as sent, what is kept of it, and a constant. If its sender goes away nobody
 * holds it any more, so it ends.
 * @throws Refused if it is damaged, too large or no log: then nothing of it is kept anywhere
 */
export async function reducedBody(
  sent: SentBody,
  reducer: LineReducer,
  { max_inflated, max_line }: Settings['ingest'],
  hold: Hold,
): Promise<Body> {
  const kept = new KeptLines(max_inflated, (bytes) => hold.growTo(sent.bytes.length + WORKING_BYTES + bytes));
  const written = new ReducedLines();
  const lines = reducer.begin(written, max_line);
  let first = !sent.areEvents && sent.encoding !== 'gzip' && sent.encoding !== 'zstd';
  try {
    await inflate(sent.bytes, sent.encoding, max_inflated, async (chunk) => {
      if (hold.isClosed) throw new Error('the sender went away');
      if (first) mustBeLog(chunk);
      first = false;
      lines.push(chunk);
      await kept.add(written.take());
      await setImmediate();
    });
    lines.end();
    await kept.add(written.take());
    return { bytes: await kept.end(), encoding: 'gzip', format: 'reduced' };
  } catch (error) {
    kept.destroy();
    throw error instanceof Unreadable ? refusalOfUnreadable(error) : error;
  }
}

/** Compresses the lines that are kept as they come. */
class KeptLines {
  private readonly gzip: Gzip = createGzip({ level: constants.Z_BEST_SPEED });
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private written = 0;

  /** @param limit bytes before compression: what the worker will inflate @param hold is told how many are kept */
  constructor(
    private readonly limit: number,
    private readonly hold: (bytes: number) => void,
  ) {
    this.gzip.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.bytes += chunk.length;
    });
    this.hold(0);
  }

  /** @throws Refused */
  async add(lines: Uint8Array): Promise<void> {
    if (lines.length === 0) return;
    this.written += lines.length;
    if (this.written > this.limit) throw tooLargeInflated();
    await new Promise<void>((resolve, reject) =>
      this.gzip.write(lines, (error) => (error ? reject(error) : resolve())),
    );
    this.hold(this.bytes);
  }

  async end(): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => this.gzip.once('end', resolve).once('error', reject).end());
    this.hold(this.bytes);
    return Buffer.concat(this.chunks);
  }

  destroy(): void {
    this.gzip.destroy();
  }
}
