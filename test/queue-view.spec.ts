import { Queue, Worker } from 'bullmq';
import { BATCH_QUEUE, JOB_OPTIONS, QueueView, type LogBatch } from '#batches';
import { Keys, connectPatiently } from '#redis';
import { startRedis, type RunningRedis } from './harness/redis.js';

const keys = new Keys();

describe('the queue, read without scripts', () => {
  let server: RunningRedis;
  let redis: ReturnType<typeof connectPatiently>;
  let queue: Queue<Partial<LogBatch>>;
  let worker: Worker<Partial<LogBatch>>;
  let view: QueueView;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectPatiently({ url: server.url });
    const options = { connection: redis, prefix: keys.queuePrefix };
    queue = new Queue(BATCH_QUEUE, options);
    worker = new Worker(BATCH_QUEUE, null, options);
    view = new QueueView(redis, keys);
  });
  afterAll(async () => {
    await worker.close();
    redis.disconnect();
    await server.stop();
  });

  const add = (jobId: string, timestamp: number, more: object = {}) =>
    queue.add('batch', {}, { ...JOB_OPTIONS, jobId, timestamp, ...more });

  it('is empty at first', async () => {
    expect(await view.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    expect(await view.oldest()).toBeUndefined();
  });

  it('is what BullMQ says of it', async () => {
    await add('failing', 1_000, { attempts: 1 });
    await add('busy', 5_000);
    for (const [id, time] of [
      ['first', 6_000],
      ['second', 7_000],
      ['third', 8_000],
    ] as const)
      await add(id, time);
    for (const id of ['a', 'b']) await add(id, 9_000, { delay: Date.now() });
    const failing = await worker.getNextJob('token');
    expect(failing.id).toBe('failing');
    await failing.moveToFailed(new Error('no'), 'token', false);
    expect((await worker.getNextJob('token')).id).toBe('busy');

    expect(await view.counts()).toEqual({ waiting: 3, active: 1, delayed: 2, failed: 1 });
    expect(await view.counts()).toEqual(await queue.getJobCounts('waiting', 'active', 'delayed', 'failed'));
    expect(await view.unended()).toBe(6);
    expect(await view.oldest()).toBe(5_000); // one that failed does not wait
  });

  it.each([
    ['busy', 'active', 6_000],
    ['first', 'wait', 7_000],
  ])('tells the next oldest once %s is gone', async (id, list, next) => {
    await redis.lrem(`${keys.queuePrefix}:${BATCH_QUEUE}:${list}`, 0, id);
    expect(await view.oldest()).toBe(next);
  });

  it('throws while Redis refuses', async () => {
    await redis.set(`${keys.queuePrefix}:${BATCH_QUEUE}:failed`, 'no set');
    await expect(view.counts()).rejects.toThrow('WRONGTYPE');
  });
});
