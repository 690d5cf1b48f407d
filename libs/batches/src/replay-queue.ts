import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keys } from '#redis';
import type { LogBatch } from './log-batch.js';
import { JOB_OPTIONS } from './queue.js';

/**
 * Queues the batches that were taken off the dead ones. Their bytes are in place already, and each stays noted until
 * its job is there: whoever is killed in between leaves the rest to the next call, of any process.
 */
export class ReplayQueue {
  constructor(
    private readonly redis: Redis,
    private readonly queue: Queue<LogBatch>,
    private readonly keys: Keys,
  ) {}

  /** Queues all that are noted; one that is queued twice is counted once. */
  async finish(): Promise<void> {
    for await (const found of this.redis.hscanStream(this.keys.replays)) {
      const entries = found as string[];
      for (let i = 0; i < entries.length; i += 2) await this.queueOne(entries[i]!, entries[i + 1]!);
    }
  }

  private async queueOne(id: string, batch: string): Promise<void> {
    // gone: another call has queued it, and a worker has counted it; long after, its claim would be gone, too
    if ((await this.redis.exists(this.keys.payload(id))) === 1)
      await this.queue.add('batch', JSON.parse(batch) as LogBatch, { ...JOB_OPTIONS, jobId: id });
    await this.redis.hdel(this.keys.replays, id);
  }
}
