import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PackedJudged, ToJudge } from './judging-thread.js';

const SCRIPT = new URL('./judging-thread.js', import.meta.url);

/** What it makes lives long or not at all, so a larger young generation would take memory for nothing. */
const SMALL = { maxYoungGenerationSizeMb: 12 };

/** Judges callers in a thread of its own, started when it is needed first: else batches would wait for half a second. */
export class ThreadOfJudging {
  private worker: Worker | undefined;

  /** One at a time. @throws what the thread has thrown, which is then another one */
  async judge(toJudge: ToJudge): Promise<PackedJudged> {
    const worker = (this.worker ??= new Worker(SCRIPT, { resourceLimits: SMALL }));
    try {
      worker.postMessage(toJudge);
      const [judged] = (await once(worker, 'message')) as [PackedJudged];
      return judged;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Ends it, whatever it does. */
  async close(): Promise<void> {
    const ending = this.worker;
    this.worker = undefined;
    await ending?.terminate();
  }
}
