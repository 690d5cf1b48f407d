import { Queue } from 'bullmq';
import { BATCH_QUEUE, BatchProducer, type LogBatch } from '#batches';
import { Ledger } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import { CLAIM_BOUNDS } from './claim-bounds.js';
import { startRedis } from './redis.js';

/** The queue and the ledger on a Redis of their own, without the apps. */
export type RunningQueue = Awaited<ReturnType<typeof startQueue>>;

export async function startQueue() {
  const server = await startRedis();
  const keys = new Keys();
  const redis = connectPatiently({ url: server.url });
  const queue = new Queue<LogBatch>(BATCH_QUEUE, { connection: redis, prefix: keys.queuePrefix });
  return {
    url: server.url,
    redis,
    queue,
    producer: new BatchProducer(redis, queue, keys),
    ledger: new Ledger(redis, keys, CLAIM_BOUNDS),
    async stop(): Promise<void> {
      await queue.close();
      redis.disconnect();
      await server.stop();
    },
  };
}
