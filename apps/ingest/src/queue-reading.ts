import type { Redis } from 'ioredis';
import { QueueView } from '#batches';
import { BATCH_ARRIVALS, BATCH_OUTCOMES, ledgerField } from '#metric-names';
import { Keys, redisInfo } from '#redis';
import { SourceBytes } from './source-bytes.js';

/** Of maxmemory. What is left is for the copies that Redis makes while it rewrites its file, and for claims. */
const MEMORY_SHARE = 0.6;

/** What Redis says of the queue at one moment. */
export interface QueueReading {
  /** Accepted and not counted yet. */
  readonly queued: SourceBytes;
  /** Bytes that Redis may still take; infinite where it has no limit, or does not tell. */
  readonly memoryLeft: number;
  /** Epoch milliseconds at which the oldest batch was queued; undefined if none waits or nobody asked. */
  readonly oldest: number | undefined;
}

/** @throws if Redis does not answer */
export async function readQueue(
  redis: Redis,
  sources: readonly string[],
  withAge: boolean,
): Promise<QueueReading> {
  const [queued, memoryLeft, oldest] = await Promise.all([
    queuedBytes(redis, sources),
    memoryLeftIn(redis),
    withAge ? new QueueView(redis, new Keys()).oldest() : undefined,
  ]);
  return { queued, memoryLeft, oldest };
}

const ARRIVALS: ReadonlySet<string> = new Set(BATCH_ARRIVALS);

/** The law of the batches: what was accepted or replayed and has come to no end yet. */
async function queuedBytes(redis: Redis, sources: readonly string[]): Promise<SourceBytes> {
  const fields = sources.flatMap((source) =>
    BATCH_OUTCOMES.map((outcome) => ledgerField('batchBytes', source, outcome)),
  );
  const values = await redis.hmget(new Keys().ledger, ...fields);
  const queued = new SourceBytes();
  sources.forEach((source, i) => {
    const bytes = BATCH_OUTCOMES.reduce((sum, outcome, j) => {
      const counted = Number(values[i * BATCH_OUTCOMES.length + j]);
      return ARRIVALS.has(outcome) ? sum + counted : sum - counted;
    }, 0);
    queued.add(source, Math.max(0, bytes));
  });
  return queued;
}

async function memoryLeftIn(redis: Redis): Promise<number> {
  const info = await redisInfo(redis, 'memory');
  const limit = Number(info.get('maxmemory') ?? 0);
  const used = Number(info.get('used_memory') ?? 0);
  return limit > 0 ? Math.max(0, MEMORY_SHARE * limit - used) : Infinity;
}
