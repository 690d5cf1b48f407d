import type { LogBatch } from '#batches';
import type { DeadBatches } from '#ledger';
import { SCRAPED_METRICS } from '#metric-names';
import { family, type Family } from './exposition.js';

/** How many dead batches are kept: what `statuslens dead list` shows. */
export async function deadFamilies(dead: DeadBatches<LogBatch>, now: number): Promise<Family[]> {
  const { batches, bytes, oldest } = await dead.kept();
  const age = oldest === undefined ? 0 : Math.max(0, now - oldest) / 1000;
  return [
    family(SCRAPED_METRICS.deadKept, [{ labels: {}, value: batches }]),
    family(SCRAPED_METRICS.deadKeptBytes, [{ labels: {}, value: bytes }]),
    family(SCRAPED_METRICS.oldestDeadAge, [{ labels: {}, value: age }]),
  ];
}
