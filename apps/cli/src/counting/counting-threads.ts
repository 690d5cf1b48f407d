import { availableParallelism } from 'node:os';
import type { CountedLog } from './log-counts.js';
import type { Task } from './thread-messages.js';
import { ThreadOfCounting } from './thread-of-counting.js';

/** Each takes some 40 MB, and one more thread reads the files. */
const MOST_THREADS = 7;

/** Threads that count beside this one, as many as there are other cores. */
export class CountingThreads {
  private readonly threads: ThreadOfCounting[] = [];
  private isTold = false;

  constructor(private readonly most = Math.min(MOST_THREADS, availableParallelism() - 1)) {}

  /** Lets them load what they need, which takes some time; before it is known what they will do. */
  start(): void {
    while (this.threads.length < this.most) this.threads.push(new ThreadOfCounting());
  }

  /** Resolves when all of them are ready. @throws what one has thrown */
  async begin(task: Task): Promise<void> {
    if (this.isTold) return;
    this.isTold = true;
    this.start();
    await Promise.all(this.threads.map((thread) => thread.begin(task)));
  }

  /** One that is ready for a block. @throws what one has thrown */
  withRoom(): ThreadOfCounting | undefined {
    return this.threads.find(({ hasRoom }) => hasRoom);
  }

  /** What those have counted that had anything to count. @throws what one has thrown */
  async end(): Promise<CountedLog[]> {
    return Promise.all(this.threads.filter(({ isUsed }) => isUsed).map((thread) => thread.end()));
  }

  /** Ends them, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}
