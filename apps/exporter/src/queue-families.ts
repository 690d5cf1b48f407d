import type { Job, Queue } from 'bullmq';
import type { LogBatch } from '#batches';
import { BATCH_ARRIVALS, SCRAPED_METRICS, ledgerField } from '#metric-names';
import { family, type Family } from './exposition.js';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

/** How full the queue is. @param counters the ledger; @param sources names of the sources it counts */
export async function queueFamilies(
  queue: Queue<LogBatch>,
  counters: ReadonlyMap<string, number>,
  now: number,
): Promise<Family[]> {
  const [counts, oldest] = await Promise.all([queue.getJobCounts(...STATES), oldestJob(queue)]);
  return [
    family(
      SCRAPED_METRICS.queueBatches,
      STATES.map((state) => ({ labels: { state }, value: counts[state] ?? 0 })),
    ),
    family(SCRAPED_METRICS.queueBytes, [{ labels: {}, value: queuedBytes(counters) }]),
    family(SCRAPED_METRICS.oldestBatchAge, [
      { labels: {}, value: oldest === undefined ? 0 : Math.max(0, now - oldest) / 1000 },
    ]),
  ];
}

/** Epoch milliseconds at which the oldest job was queued. */
async function oldestJob(queue: Queue<LogBatch>): Promise<number | undefined> {
  const firsts: (Job<LogBatch> | undefined)[] = await Promise.all(
    (['waiting', 'active', 'delayed'] as const).map(
      async (state) => (await queue.getJobs([state], 0, 0, true))[0],
    ),
  );
  const times = firsts.flatMap((job) => (job ? [job.timestamp] : []));
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** What was accepted or replayed and has come to no end yet: the law of the batches, in bytes. */
function queuedBytes(counters: ReadonlyMap<string, number>): number {
  const prefix = `${ledgerField('batchBytes')}|`;
  let bytes = 0;
  for (const [field, value] of counters)
    if (field.startsWith(prefix)) bytes += arrives(field) ? value : -value;
  return Math.max(0, bytes);
}

const arrives = (field: string): boolean => BATCH_ARRIVALS.some((outcome) => field.endsWith(`|${outcome}`));
