import type { Lens, Lines } from '#verdict';
import type { FileLines } from '../log-files.js';
import type { CountingThreads } from './counting-threads.js';
import { LogCounts, type Counting } from './log-counts.js';
import { BLOCK_BYTES } from './shared-blocks.js';

/** A shorter log has been read before another thread is ready. */
export const WORTH_THREADS_BYTES = 8 * 1024 ** 2;
const LF = 0x0a;

/**
 * Counts the lines of log files in several threads. This thread reads the files, hands blocks of whole lines to threads that
 * have nothing else to do, and counts itself whatever they have no room for: so nothing ever waits in memory. What is found
 * does not depend on who counted it.
 */
export class SharedCounting {
  private readonly own: LogCounts;
  private bytes = 0;

  constructor(
    private readonly lens: Lens,
    private readonly counting: Counting,
    private readonly threads: CountingThreads,
  ) {
    this.own = new LogCounts(lens, counting);
  }

  /** Resolves when the threads are ready. @throws what one has thrown */
  async beginThreads(): Promise<void> {
    await this.threads.begin({ vendorFiles: this.lens.catalogue.files, counting: this.counting });
  }

  /** For `readLogFiles`, which reads one file after the other. */
  begin(): FileLines {
    const lines = this.own.begin();
    return {
      formatChosen: () => lines.formatChosen(),
      push: (chunk) => {
        for (let at = 0; at < chunk.length; at += BLOCK_BYTES)
          this.share(lines, chunk.subarray(at, at + BLOCK_BYTES));
        this.bytes += chunk.length;
        // what a thread has thrown is thrown again when it is asked for room
        if (this.bytes >= WORTH_THREADS_BYTES) this.beginThreads().catch(() => undefined);
      },
      end: () => {
        this.own.verdicts.piece++;
        lines.end();
      },
    };
  }

  /** To be called when all files have been read. @throws what a thread has thrown */
  async end(): Promise<LogCounts> {
    for (const counted of await this.threads.end()) this.own.add(counted);
    return this.own;
  }

  /**
   * Hands over the whole lines of a piece. Those that its ends cut are read here, where the pieces come one behind the
   * other; and so is all of a log of which no part can be read by itself.
   */
  private share(lines: Lines, piece: Uint8Array): void {
    const thread = this.threads.withRoom();
    const writing = thread && lines.writing();
    const first = writing ? piece.indexOf(LF) + 1 : 0;
    if (!thread || !writing || first === 0) return this.count(lines, piece);
    const last = piece.lastIndexOf(LF) + 1;
    this.count(lines, piece.subarray(0, first));
    this.own.verdicts.piece++;
    if (last > first) thread.count(writing, lines, piece.subarray(first, last), this.own.verdicts.piece);
    this.count(lines, piece.subarray(last));
  }

  private count(lines: Lines, bytes: Uint8Array): void {
    this.own.verdicts.piece++;
    lines.push(bytes);
  }
}
