import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Queue } from 'bullmq';
import { BATCH_QUEUE, BatchProducer, freshBatchId, keyedBatchId, type LogBatch } from '#batches';
import { DeadBatches, Ledger } from '#ledger';
import { batchFields } from '#metric-names';
import { Keys, connectPatiently } from '#redis';
import { startScript, type Child } from './harness/child.js';
import { CLAIM_BOUNDS } from './harness/claim-bounds.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { startTcpProxy, type TcpProxy } from './harness/tcp-proxy.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';
const SOURCES = { sources: { default: { format: 'combined' } } };
const WORKER = 'dist/apps/worker/src/main.js';

/** Part of what BullMQ sends when a job is done; a worker held here has committed but not acknowledged. */
const FINISHING = 'returnvalue';

/** Part of what the commit of these batches sends. */
const COMMITTING = 'lines|default|classified';

describe('no line is lost or counted twice', () => {
  const keys = new Keys();
  let redis: RunningRedis;
  let client: ReturnType<typeof connectPatiently>;
  let queue: Queue<LogBatch>;
  let ledger: Ledger;
  const workers: Child[] = [];
  const proxies: TcpProxy[] = [];

  beforeEach(async () => {
    redis = await startRedis({ appendonly: true });
    client = connectPatiently({ url: redis.url });
    queue = new Queue(BATCH_QUEUE, { connection: client, prefix: keys.queuePrefix });
    ledger = new Ledger(client, keys, CLAIM_BOUNDS);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill('SIGKILL')));
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
    await queue.close();
    client.disconnect();
    await redis.stop();
  });

  const accept = (lines: number): Promise<Omit<LogBatch, 'v'>> =>
    acceptBytes(Buffer.from(LINE.repeat(lines)));

  async function acceptBytes(
    payload: Buffer,
    encoding: LogBatch['encoding'] = 'identity',
    identity = { id: freshBatchId(), keyed: false },
  ): Promise<Omit<LogBatch, 'v'>> {
    const batch: Omit<LogBatch, 'v'> = {
      ...identity,
      source: 'default',
      format: 'detect',
      encoding,
      receivedAt: Date.now(),
      bytes: payload.length,
    };
    await new BatchProducer(client, queue, keys).add(batch, payload, {
      accepted: batchFields('default', 'accepted', payload.length),
      duplicate: batchFields('default', 'duplicate', payload.length),
    });
    return batch;
  }

  async function startWorker(url = redis.url, overrides: object = {}): Promise<Child> {
    const worker = startScript(WORKER, [], {
      env: { STATUSLENS_CONFIG: writeSettings(url, { ...SOURCES, ...overrides }) },
    });
    workers.push(worker);
    await worker.line(/readyz/);
    return worker;
  }

  async function startProxy(): Promise<TcpProxy> {
    const proxy = await startTcpProxy(redis.port);
    proxies.push(proxy);
    return proxy;
  }

  const counter = async (field: string): Promise<number> => (await ledger.read()).get(field) ?? 0;
  const classified = () => counter('lines|default|classified');
  const drained = () =>
    until(
      'the queue is empty',
      async () => {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
        return Object.values(counts).every((count) => count === 0);
      },
      { timeoutMs: 30_000 },
    );

  it('when a worker is killed between the commit and the acknowledgement', async () => {
    const proxy = await startProxy();
    proxy.holdBefore(FINISHING);
    const first = await startWorker(`redis://127.0.0.1:${proxy.port}`);
    await accept(7);
    await proxy.held;
    await until('the batch is committed', async () => (await classified()) === 7);
    expect(await queue.getActiveCount()).toBe(1);
    await first.kill('SIGKILL');
    await startWorker();
    await drained();
    expect(await classified()).toBe(7);
    expect(await counter('redeliveries|default')).toBe(1);
  });

  it('when the same batch kills two workers before they commit', async () => {
    await accept(5);
    for (let death = 1; death <= 2; death++) {
      const proxy = await startProxy();
      proxy.holdBefore(COMMITTING);
      const worker = await startWorker(`redis://127.0.0.1:${proxy.port}`);
      await proxy.held;
      await worker.kill('SIGKILL');
    }
    await startWorker();
    await drained();
    expect(await classified()).toBe(5);
  });

  it('when a worker is silent for longer than its lock, and then goes on', async () => {
    await accept(3);
    const proxy = await startProxy();
    const slow = await startWorker(`redis://127.0.0.1:${proxy.port}`);
    await until('the batch is counted', async () => (await classified()) === 3);
    process.kill(slow.pid, 'SIGSTOP');
    await accept(4);
    await startWorker();
    await drained();
    process.kill(slow.pid, 'SIGCONT');
    await accept(2);
    await drained();
    expect(await classified()).toBe(9);
  });

  it('when Redis is killed and comes back with its append-only file', async () => {
    await startWorker();
    for (let i = 0; i < 20; i++) await accept(10);
    await redis.kill('SIGKILL');
    redis = await startRedis({ appendonly: true, dir: redis.dir, port: redis.port });
    await until('Redis answers again', async () => (await client.ping()) === 'PONG');
    await drained();
    expect(await classified()).toBe(200);
    expect(await counter('batches|default|committed')).toBe(await counter('batches|default|accepted'));
  });

  it('and a batch whose bytes are gone is dead, loudly, unless it was counted before', async () => {
    const counted = await accept(6);
    await startWorker();
    await drained();
    await queue.add('batch', { v: 1, ...counted }, { jobId: `${counted.id}-again` });
    const lost = { ...counted, id: freshBatchId() };
    await queue.add('batch', { v: 1, ...lost }, { jobId: lost.id });
    await until('the loss is counted', async () => (await counter('deadBatches|default|payload_lost')) === 1);
    await drained();
    expect(await classified()).toBe(6);
    expect(await counter('redeliveries|default')).toBe(1);
  });

  it('and a fault of Redis makes no batch dead; one that can never be read dies once', async () => {
    await startWorker();
    for (let round = 0; round < 15; round++) {
      await accept(10);
      if (round === 7) await acceptBytes(Buffer.from('no gzip'), 'gzip');
      await client.config('SET', 'min-replicas-to-write', 1); // every write is refused
      await pause(20);
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await pause(20);
      await client.config('SET', 'min-replicas-to-write', 0);
      await pause(20);
    }
    await drained();
    expect(await classified()).toBe(150);
    expect(await counter('batches|default|committed')).toBe(15);
    expect(await counter('batches|default|dead')).toBe(1);
    expect(await counter('deadBatches|default|unreadable_gzip')).toBe(1);
  });

  it('and a replay that was broken off is finished by a worker, and counts once', async () => {
    const poison = await acceptBytes(Buffer.from(LINE.repeat(5)), 'gzip');
    const first = await startWorker();
    await until('it is dead', async () => (await counter('batches|default|dead')) === 1);
    await drained();
    await first.kill('SIGKILL');
    const dead = new DeadBatches<LogBatch>(client, keys, CLAIM_BOUNDS);
    const replay: LogBatch = { v: 1, ...poison, id: freshBatchId(), encoding: 'identity' };
    expect(await dead.replay(poison.id, replay)).toBe('replayed');
    await startWorker();
    await until('it is counted', async () => (await classified()) === 5);
    await drained();
    expect(await counter('batches|default|committed')).toBe(1);
    expect(await counter('batches|default|replayed')).toBe(1);
  });

  it('and the bytes of a try that was broken off count, however the next one was compressed', async () => {
    const lines = Buffer.from(LINE.repeat(5));
    const id = keyedBatchId('default', 'a key');
    await client.set(keys.payload(id), lines, 'EX', 60);
    await acceptBytes(gzipSync(lines), 'gzip', { id, keyed: true });
    await startWorker();
    await until('it is counted', async () => (await classified()) === 5);
    await drained();
    expect(await counter('batches|default|committed')).toBe(1);
    expect(await counter('batches|default|dead')).toBe(0);
  });

  it('and a dead batch that is too old goes, though nothing else dies', async () => {
    await acceptBytes(Buffer.from('no gzip'), 'gzip');
    const first = await startWorker();
    await until('it is dead', async () => (await counter('batches|default|dead')) === 1);
    await first.kill('SIGKILL');
    expect(await counter('deadDropped|default|age')).toBe(0);
    await startWorker(redis.url, { dead: { max_age: '1ms' } });
    await until('it is dropped', async () => (await counter('deadDropped|default|age')) === 1);
  });
});
