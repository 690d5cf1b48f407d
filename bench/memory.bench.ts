import { Queue, Worker } from 'bullmq';
import { SingleBar } from 'cli-progress';
import {
  BATCH_QUEUE,
  BatchProducer,
  WORKER_OPTIONS,
  freshBatchId,
  keyedBatchId,
  type LogBatch,
} from '#batches';
import { Ledger } from '#ledger';
import { batchFields } from '#metric-names';
import { BYTES_PER_CLAIM, Keys, connectPatiently, readClaims } from '#redis';
import { CLAIM_BOUNDS } from '../test/harness/claim-bounds.js';
import { startRedis } from '../test/harness/redis.js';
import { until } from '../test/harness/until.js';

/**
 * What a batch leaves in the memory of Redis while it waits and once it has been counted, with and without a key of
 * its sender: real jobs, payloads and commits. `npm run bench:memory -- 1000000` takes a million of each.
 */

const BATCHES = Number(process.argv[2] ?? 100_000);
/** BullMQ keeps its newest 10,000 or so events: they are there before anything is measured. */
const WARM_UP = 20_000;
const SENDERS = 64;
const SOURCE = 'bench';
const PAYLOAD = Buffer.alloc(1000, 'x');

if (!Number.isInteger(BATCHES) || BATCHES < 1000)
  throw new Error(`${process.argv[2]} is no number of batches: give 1000 or more`);

const server = await startRedis();
const redis = connectPatiently({ url: server.url });
const workerRedis = connectPatiently({ url: server.url });
const keys = new Keys();
const queue = new Queue<LogBatch>(BATCH_QUEUE, { connection: redis, prefix: keys.queuePrefix });
const producer = new BatchProducer(redis, queue, keys);
const ledger = new Ledger(redis, keys, CLAIM_BOUNDS);
const bytes = PAYLOAD.length;
const count = {
  accepted: batchFields(SOURCE, 'accepted', bytes),
  duplicate: batchFields(SOURCE, 'duplicate', bytes),
};
const commit = {
  additions: batchFields(SOURCE, 'committed', bytes),
  acceptance: count.accepted,
  redelivery: [],
  maxima: [],
  rejected: [],
};
const worker = new Worker<LogBatch>(BATCH_QUEUE, ({ data }) => ledger.commit(data, commit), {
  ...WORKER_OPTIONS,
  connection: workerRedis,
  prefix: keys.queuePrefix,
  concurrency: SENDERS,
  autorun: false,
});

const bar = new SingleBar({ format: '{bar} {value} of {total} batches {what}', hideCursor: true });

async function accept(howMany: number, keyed: boolean): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < howMany) {
      const id = keyed ? keyedBatchId(SOURCE, `${next}`) : freshBatchId();
      next++;
      const batch = { id, source: SOURCE, format: 'detect', encoding: 'identity', bytes, keyed } as const;
      await producer.add({ ...batch, receivedAt: Date.now() }, PAYLOAD, count);
      bar.increment();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

/** Until the queue is empty. */
async function drain(): Promise<void> {
  await worker.resume();
  await until('all are counted', async () => (await queue.getJobCountByTypes('wait', 'active')) === 0, {
    timeoutMs: 3_600_000,
  });
  await worker.pause();
}

const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
const sizeOf = async (key: string): Promise<number> => (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0;

interface Taken {
  readonly waiting: number;
  readonly counted: number;
}

/** Bytes for each batch. */
async function measure(keyed: boolean): Promise<Taken> {
  const before = await used();
  await accept(BATCHES, keyed);
  const waiting = (await used()) - before;
  await drain();
  const counted = (await used()) - before;
  return { waiting: waiting / BATCHES - bytes, counted: counted / BATCHES };
}

const row = (what: string, perBatch: number): string =>
  `  ${what.padEnd(66)} ${perBatch.toFixed(0).padStart(5)}`;

try {
  void worker.run();
  await worker.pause();
  bar.start(WARM_UP + 2 * BATCHES, 0, { what: '' });
  await accept(WARM_UP, false);
  await drain();
  const keyed = await measure(true);
  const { claims } = await readClaims(redis, keys, CLAIM_BOUNDS);
  const unkeyed = await measure(false);
  bar.stop();
  const version = /redis_version:(\S+)/.exec(await redis.info('server'))![1]!;
  const allocator = /mem_allocator:(\S+)/.exec(await redis.info('memory'))![1]!;
  console.log(
    [
      `Redis ${version}, ${allocator}, ${BATCHES} batches of each kind; bytes for each, which are MB for a million:`,
      row(`waits: job and key of its payload, beside the payload's own bytes`, unkeyed.waiting),
      row('counted, with a key of its sender: a claim, for claims.ttl', keyed.counted),
      row(`  as statuslens counts it for claims.max_bytes`, BYTES_PER_CLAIM),
      row('counted, without one: a marker, for an hour', unkeyed.counted),
      `${claims} claims are kept. What does not grow with the number of batches, in bytes: the ledger of one source ` +
        `${await sizeOf(keys.ledger)}, events of the queue ${await sizeOf(queue.toKey('events'))}.`,
    ].join('\n'),
  );
} finally {
  await worker.close();
  await queue.close();
  workerRedis.disconnect();
  redis.disconnect();
  await server.stop();
}
