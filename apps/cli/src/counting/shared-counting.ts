import { availableParallelism } from 'node:os';
import type { Lens, Lines } from '#verdict';
import type { FileLines } from '../log-files.js';
import { LogCounts, type Counting } from './log-counts.js';
import { BLOCK_BYTES } from './shared-blocks.js';
import { ThreadOfCounting } from './thread-of-counting.js';

/** A shorter log has been read before another thread could begin. */
const WORTH_THREADS_BYTES = 8 * 1024 ** 2;
/** Each takes some 50 MB, and there is one that must read the files. */
const MOST_THREADS = 7;
const LF = 0x0a;

/** How the work is shared; tests say otherwise. */
export interface Sharing {
  /** How many threads count besides this one. */
  readonly threads: number;
  /** So much of the logs is read before they begin. */
  readonly fromBytes: number;
}

/**
 * Counts the lines of log files in several threads. This thread reads the files, hands blocks of whole lines to threads that
 * have nothing else to do, and counts itself whatever they have no room for: so nothing ever waits in memory. What is found
 * does not depend on who counted it.
 */
export class SharedCounting {
  private readonly own: LogCounts;
  private readonly threads: ThreadOfCounting[] = [];
  private bytes = 0;

  constructor(
    private readonly lens: Lens,
    private readonly counting: Counting,
    private readonly sharing: Sharing = {
      threads: Math.min(MOST_THREADS, availableParallelism() - 1),
      fromBytes: WORTH_THREADS_BYTES,
    },
  ) {
    this.own = new LogCounts(lens, counting);
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
        if (this.bytes >= this.sharing.fromBytes && this.threads.length === 0)
          this.startThreads().catch(() => undefined); // whoever asks such a thread for room is told
      },
      end: () => {
        this.own.verdicts.piece++;
        lines.end();
      },
    };
  }

  /** Resolves when all of them have begun. @throws what one has thrown */
  async startThreads(): Promise<void> {
    for (let i = 0; i < this.sharing.threads; i++)
      this.threads.push(new ThreadOfCounting(this.lens.catalogue.files, this.counting));
    await Promise.all(this.threads.map((thread) => thread.begin()));
  }

  /** To be called when all files have been read. @throws what a thread has thrown */
  async end(): Promise<LogCounts> {
    const used = this.threads.filter(({ isUsed }) => isUsed);
    for (const counted of await Promise.all(used.map((thread) => thread.end()))) this.own.add(counted);
    return this.own;
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  /**
   * Hands over the whole lines of a piece. Those that its ends cut are read here, where the pieces come one behind the
   * other; and so is all of a log of which no part can be read by itself.
   */
  private share(lines: Lines, piece: Uint8Array): void {
    const thread = this.threadWithRoom();
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

  private threadWithRoom(): ThreadOfCounting | undefined {
    return this.threads.find(({ hasRoom }) => hasRoom);
  }
}
