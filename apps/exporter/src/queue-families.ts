import type { QueueView } from '#batches';
import { BATCH_ARRIVALS, SCRAPED_METRICS, ledgerField } from '#metric-names';
import { family, type Family } from './exposition.js';

/** How full the queue is. @param counters the ledger; @param limit bytes from which on ingest refuses */
export async function queueFamilies(
  queue: QueueView,
  counters: ReadonlyMap<string, number>,
  limit: number,
  now: number,
): Promise<Family[]> {
  const [counts, oldest] = await Promise.all([queue.counts(), queue.oldest()]);
  return [
    family(
      SCRAPED_METRICS.queueBatches,
      Object.entries(counts).map(([state, value]) => ({ labels: { state }, value })),
    ),
    family(SCRAPED_METRICS.queueBytes, [{ labels: {}, value: queuedBytes(counters) }]),
    family(SCRAPED_METRICS.queueLimit, [{ labels: {}, value: limit }]),
    family(SCRAPED_METRICS.oldestBatchAge, [
      { labels: {}, value: oldest === undefined ? 0 : Math.max(0, now - oldest) / 1000 },
    ]),
  ];
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
