import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PackedJudged, ToJudge } from './judging-thread.js';

const SCRIPT = new URL('./judging-thread.js', import.meta.url);

/** What it makes lives long or not at all, so a larger young generation would take memory for nothing. */
const YOUNG_MIB = 12;
/** With a bound that is near V8 clears away earlier; it lets garbage grow to four times what lives in a heap without one. */
const OLD_MIB = 512;
/** One that is remembered takes 4 KiB at most, by all trackers and while it is read. */
const OPERATIONS_OF_A_MIB = 256;

/** Judges callers in a thread of its own, started when it is needed first: else batches would wait for half a second. */
export class ThreadOfJudging {
  private worker: Worker | undefined;
  /** For how many it has memory. */
  private operations = 0;

  /** One at a time. @throws what the thread has thrown, which is then another one */
  async judge(toJudge: ToJudge): Promise<PackedJudged> {
    try {
      const worker = await this.threadFor(toJudge.policy.maxOperations);
      worker.postMessage(toJudge);
      const [judged] = (await once(worker, 'message')) as [PackedJudged];
      return judged;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async threadFor(operations: number): Promise<Worker> {
    if (operations > this.operations) await this.close();
    if (this.worker === undefined) {
      this.operations = operations;
      this.worker = new Worker(SCRIPT, {
        resourceLimits: {
          maxYoungGenerationSizeMb: YOUNG_MIB,
          maxOldGenerationSizeMb: OLD_MIB + Math.ceil(operations / OPERATIONS_OF_A_MIB),
        },
      });
    }
    return this.worker;
  }

  /** Ends it, whatever it does. */
  async close(): Promise<void> {
    const ending = this.worker;
    this.worker = undefined;
    await ending?.terminate();
  }
}
