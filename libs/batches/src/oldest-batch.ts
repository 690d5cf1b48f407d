import type { Job, Queue } from 'bullmq';
import type { LogBatch } from './log-batch.js';

/** Epoch milliseconds at which the oldest batch of the queue was queued; undefined if there is none. */
export async function oldestBatch(queue: Queue<LogBatch>): Promise<number | undefined> {
  const firsts: (Job<LogBatch> | undefined)[] = await Promise.all(
    (['waiting', 'active', 'delayed'] as const).map(
      async (state) => (await queue.getJobs([state], 0, 0, true))[0],
    ),
  );
  const times = firsts.flatMap((job) => (job ? [job.timestamp] : []));
  return times.length > 0 ? Math.min(...times) : undefined;
}
