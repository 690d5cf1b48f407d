import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Lines, Writing } from '#verdict';
import type { CountedLog, Counting } from './log-counts.js';
import { SharedBlocks } from './shared-blocks.js';
import type { Task, Told } from './thread-messages.js';

const SCRIPT = new URL('./counting-thread.js', import.meta.url);

/** A thread that counts blocks of lines, as whoever starts it sees it. */
export class ThreadOfCounting {
  private readonly blocks = new SharedBlocks();
  private readonly worker = new Worker(SCRIPT, { workerData: this.blocks.memory });
  private isReady = false;
  private error: Error | undefined;
  /** Of which file the last block was. */
  private file: Lines | undefined;

  constructor() {
    this.worker.on('error', (error) => (this.error = error));
  }

  /** To be called once; resolves when blocks can be handed to it. @throws what it has thrown */
  async begin({ vendorFiles, counting }: Task): Promise<void> {
    if (this.error) throw this.error;
    this.tell({ task: { vendorFiles, counting: withoutFunctions(counting) } });
    await once(this.worker, 'message');
    this.isReady = true;
  }

  /** Whether it is ready for a block. @throws what it has thrown */
  get hasRoom(): boolean {
    if (this.error) throw this.error;
    return this.isReady && this.blocks.hasRoom;
  }

  get isUsed(): boolean {
    return this.blocks.isUsed;
  }

  /** @param file the same for all blocks of a file; @param bytes whole lines, at most BLOCK_BYTES */
  count(writing: Writing, file: Lines, bytes: Uint8Array, piece: number): void {
    if (this.file !== file) this.tell({ writing });
    this.file = file;
    this.blocks.write(bytes);
    this.tell({ piece, length: bytes.length });
  }

  /** What it has counted, once it has counted all. @throws what it has thrown */
  async end(): Promise<CountedLog> {
    if (this.error) throw this.error;
    this.tell({ isEnd: true });
    const [counted] = (await once(this.worker, 'message')) as [CountedLog];
    return counted;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private tell(told: Told): void {
    this.worker.postMessage(told);
  }
}

/** What of it can be sent to a thread; a source of the settings holds more than how its lines are read. */
function withoutFunctions({ reading, ...rest }: Counting): Counting {
  const { vendor, format, fields, routes, model, models, consumers, ignore, timeoutInQuery } = reading;
  const told = ignore && { paths: ignore.paths, userAgents: ignore.userAgents };
  const plain = { vendor, format, fields, routes, model, models, consumers, ignore: told, timeoutInQuery };
  return { ...rest, reading: plain };
}
