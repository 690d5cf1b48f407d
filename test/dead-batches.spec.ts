import { setTimeout as pause } from 'node:timers/promises';
import { ReplayQueue, freshBatchId, keyedBatchId, type LogBatch } from '#batches';
import { DeadBatches, type Death } from '#ledger';
import { batchFields } from '#metric-names';
import { Keys, connectPatiently } from '#redis';
import { CLAIM_BOUNDS } from './harness/claim-bounds.js';
import { startQueue, type RunningQueue } from './harness/queue.js';

const UNBOUNDED = { maxAgeMs: 3_600_000, maxBytes: 1024 ** 3 };
const UNREADABLE: Death = { reason: 'unreadable_gzip', detail: 'incorrect header check' };

const batchOf = (bytes: number, overrides: Partial<LogBatch> = {}): LogBatch => ({
  v: 1,
  id: freshBatchId(),
  source: 'default',
  format: 'detect',
  encoding: 'gzip',
  receivedAt: 0,
  bytes,
  keyed: false,
  ...overrides,
});

const replayOf = (batch: LogBatch): LogBatch => ({ ...batch, id: freshBatchId(), keyed: false });

describe('dead batches', () => {
  let running: RunningQueue;
  let redis: RunningQueue['redis'];
  let queue: RunningQueue['queue'];
  let producer: RunningQueue['producer'];
  let ledger: RunningQueue['ledger'];
  let dead: DeadBatches<LogBatch>;
  let replays: ReplayQueue;
  const keys = new Keys();

  beforeAll(async () => {
    running = await startQueue();
    ({ redis, queue, producer, ledger } = running);
    dead = new DeadBatches(redis, keys, CLAIM_BOUNDS);
    replays = new ReplayQueue(redis, queue, keys);
  });
  beforeEach(() => redis.flushall());
  afterAll(() => running.stop());

  async function accept(batch: LogBatch): Promise<void> {
    await producer.add(batch, Buffer.alloc(batch.bytes, 'x'), {
      accepted: batchFields(batch.source, 'accepted', batch.bytes),
      duplicate: batchFields(batch.source, 'duplicate', batch.bytes),
    });
  }
  async function buried(bytes: number, overrides: Partial<LogBatch> = {}): Promise<LogBatch> {
    const batch = batchOf(bytes, overrides);
    await accept(batch);
    expect(await dead.bury(batch, jobOf(batch), UNREADABLE, UNBOUNDED)).toBe('dead');
    await queue.remove(batch.id);
    return batch;
  }
  const commit = (batch: LogBatch) =>
    ledger.commit(batch, {
      additions: batchFields(batch.source, 'committed', batch.bytes),
      acceptance: batchFields(batch.source, 'accepted', batch.bytes),
      redelivery: [[`redeliveries|${batch.source}`, 1]],
      maxima: [],
      rejected: [],
    });
  const counters = async () => Object.fromEntries(await ledger.read());
  const ids = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { id } of dead.list()) found.push(id);
    return found;
  };
  const jobOf = ({ id }: LogBatch): string => queue.toKey(id);
  const graves = () => redis.keys(`${keys.deadPayload('')}*`);

  /** Both laws: of the batches, and of the dead ones among them. The queue is what payloads say. */
  async function expectLaws(): Promise<void> {
    const counted = await ledger.read();
    const sum = (prefix: string): number =>
      [...counted].reduce((all, [field, value]) => (field.startsWith(prefix) ? all + value : all), 0);
    const outcome = (name: string) => sum(`batches|default|${name}`);
    const queued = (await redis.keys(`${keys.payload('')}*`)).length;
    expect(outcome('accepted') + outcome('replayed')).toBe(
      outcome('committed') + outcome('duplicate') + outcome('dead') + queued,
    );
    const { batches, bytes } = await dead.kept();
    expect(outcome('dead')).toBe(batches + outcome('replayed') + sum('deadDropped|default|'));
    expect(batches).toBe((await ids()).length);
    if (batches === 0) expect(bytes).toBe(0);
  }

  it('are kept with bytes and description, once, and their repeats are duplicates', async () => {
    const before = Date.now();
    const batch = await buried(3, { id: keyedBatchId('default', 'poison'), keyed: true });
    expect(await dead.bury(batch, jobOf(batch), UNREADABLE, UNBOUNDED)).toBe('redelivered');
    const found = (await dead.get(batch.id))!;
    expect(found).toEqual({ ...batch, ...UNREADABLE, diedAt: found.diedAt });
    expect(found.diedAt).toBeGreaterThanOrEqual(before);
    expect((await dead.payload(batch.id)).toString()).toBe('xxx');
    expect((await dead.payload(batch.id, 2)).toString()).toBe('xx');
    await accept(batch);
    expect(await counters()).toMatchObject({
      'batches|default|accepted': 2,
      'batches|default|dead': 1,
      'batches|default|duplicate': 1,
      'deadBatches|default|unreadable_gzip': 1,
      'redeliveries|default': 1,
    });
    await expectLaws();
  });

  it('count as accepted even if a worker buries them before ingest has accepted them', async () => {
    const batch = batchOf(3);
    await redis.set(keys.payload(batch.id), 'xxx', 'EX', 60);
    await dead.bury(batch, jobOf(batch), UNREADABLE, UNBOUNDED);
    expect(await redis.ttl(keys.deadPayload(batch.id))).toBe(-1);
    await expectLaws();
  });

  describe('whose bytes are gone', () => {
    it('are written off, once', async () => {
      const batch = batchOf(3);
      await accept(batch);
      await redis.del(keys.payload(batch.id));
      expect(await dead.writeOff(batch, jobOf(batch), UNBOUNDED)).toBe('dead');
      expect(await dead.writeOff(batch, jobOf(batch), UNBOUNDED)).toBe('redelivered');
      expect(await counters()).toMatchObject({
        'batches|default|dead': 1,
        'deadBatches|default|payload_lost': 1,
        'redeliveries|default': 1,
      });
      expect(await dead.replay(batch.id, replayOf(batch))).toBe('lost');
      await expectLaws();
    });

    it('are not written off if they come back: their sender has repeated them meanwhile', async () => {
      const batch = batchOf(3);
      await accept(batch);
      expect(await dead.writeOff(batch, jobOf(batch), UNBOUNDED)).toBe('found');
      expect(await commit(batch)).toBe('committed');
      await expectLaws();
    });

    it("are nobody's business if their jobs are gone too: a Redis that lost time never heard of them", async () => {
      const batch = batchOf(3, { id: keyedBatchId('default', 'in flight'), keyed: true });
      await accept(batch);
      await redis.flushall(); // while a worker has it
      expect(await commit(batch)).toBe('lost');
      expect(await dead.writeOff(batch, jobOf(batch), UNBOUNDED)).toBe('forgotten');
      expect(await counters()).toEqual({});
      await accept(batch); // its sender, who was never told 202, repeats it
      expect(await commit(batch)).toBe('committed');
      expect(await counters()).toMatchObject({
        'batches|default|accepted': 1,
        'batches|default|committed': 1,
      });
      await expectLaws();
    });

    it('are not written off if they were counted', async () => {
      const batch = batchOf(3);
      await accept(batch);
      await commit(batch);
      expect(await dead.writeOff(batch, jobOf(batch), UNBOUNDED)).toBe('redelivered');
      expect(await dead.kept()).toEqual({ batches: 0, bytes: 0, oldest: undefined });
      await expectLaws();
    });
  });

  describe('have bounds', () => {
    it('of age: the old ones go when another dies', async () => {
      const [old, older] = [await buried(3), await buried(3, { source: 'another' })];
      await pause(60);
      const young = batchOf(3);
      await accept(young);
      await dead.bury(young, jobOf(young), UNREADABLE, { ...UNBOUNDED, maxAgeMs: 50 });
      expect(await ids()).toEqual([young.id]);
      expect(await graves()).toEqual([keys.deadPayload(young.id)]);
      expect(await counters()).toMatchObject({ 'deadDropped|default|age': 1, 'deadDropped|another|age': 1 });
      for (const { id } of [old, older]) expect(await dead.get(id)).toBeUndefined();
    });

    it('of age, even when nothing else dies', async () => {
      for (let i = 0; i < 3; i++) await buried(3);
      expect(await dead.trim(UNBOUNDED)).toBe(0);
      await pause(20);
      expect(await dead.trim({ ...UNBOUNDED, maxAgeMs: 10 })).toBe(3);
      expect(await dead.kept()).toEqual({ batches: 0, bytes: 0, oldest: undefined });
      expect(await counters()).toMatchObject({ 'deadDropped|default|age': 3 });
      await expectLaws();
    });

    it('of bytes: the oldest go, as many as must', async () => {
      const all = [];
      for (let i = 0; i < 5; i++) all.push(await buried(1000));
      const { bytes } = await dead.kept();
      expect(bytes).toBeGreaterThan(5000);
      expect(await dead.trim({ ...UNBOUNDED, maxBytes: bytes })).toBe(0);
      expect(await dead.trim({ ...UNBOUNDED, maxBytes: bytes - 1 })).toBe(1);
      const last = batchOf(1000);
      await accept(last);
      await dead.bury(last, jobOf(last), UNREADABLE, { ...UNBOUNDED, maxBytes: 3500 });
      expect(await ids()).toEqual([all[4]!.id, last.id]);
      expect((await dead.kept()).bytes).toBeLessThanOrEqual(3500);
      expect(await counters()).toMatchObject({ 'deadDropped|default|bytes': 4 });
      await expectLaws();
    });

    it('of bytes for batches without bytes, too, and for one that is larger than the bound', async () => {
      for (let i = 0; i < 50; i++) {
        const lost = batchOf(3);
        await accept(lost);
        await redis.del(keys.payload(lost.id));
        await dead.writeOff(lost, jobOf(lost), { ...UNBOUNDED, maxBytes: 4096 });
      }
      expect((await dead.kept()).bytes).toBeLessThanOrEqual(4096);
      const large = batchOf(5000);
      await accept(large);
      await dead.bury(large, jobOf(large), UNREADABLE, { ...UNBOUNDED, maxBytes: 4096 });
      expect(await dead.kept()).toEqual({ batches: 0, bytes: 0, oldest: undefined });
      await expectLaws();
    });

    it('also where there are more of them than one script drops', async () => {
      const times: (string | number)[] = [];
      for (let i = 0; i < 2500; i++) times.push(i, `id${i}`);
      await redis.zadd(keys.deadTimes, ...times);
      expect(await dead.trim(UNBOUNDED)).toBe(2500);
    });

    it('that are kept at the memory limit of Redis, where nothing may grow', async () => {
      const batch = batchOf(100_000);
      await accept(batch);
      await redis.config('SET', 'maxmemory', '1');
      try {
        expect(await dead.bury(batch, jobOf(batch), UNREADABLE, UNBOUNDED)).toBe('dead');
        expect(await dead.drop(batch.id)).toBe(true);
      } finally {
        await redis.config('SET', 'maxmemory', '0');
      }
      await expectLaws();
    });
  });

  describe('are replayed', () => {
    it('as batches of their own, each counted once', async () => {
      const batch = await buried(3, { id: keyedBatchId('default', 'k'), keyed: true });
      const replay = replayOf(batch);
      expect(await dead.replay(batch.id, replay)).toBe('replayed');
      await replays.finish();
      expect((await queue.getJob(replay.id))!.data).toEqual(replay);
      await expectLaws();
      expect(await commit(replay)).toBe('committed');
      expect(await commit(replay)).toBe('redelivered');
      expect(await counters()).toMatchObject({
        'batches|default|accepted': 1,
        'batches|default|dead': 1,
        'batches|default|replayed': 1,
        'batchBytes|default|replayed': 3,
        'batches|default|committed': 1,
      });
      expect(await dead.kept()).toEqual({ batches: 0, bytes: 0, oldest: undefined });
      await expectLaws();
    });

    it('and may die again, and be replayed again', async () => {
      const batch = await buried(3);
      const replay = replayOf(batch);
      await dead.replay(batch.id, replay);
      await replays.finish();
      expect(await dead.bury(replay, jobOf(replay), UNREADABLE, UNBOUNDED)).toBe('dead');
      expect(await ids()).toEqual([replay.id]);
      await expectLaws();
      const another = replayOf(replay);
      expect(await dead.replay(replay.id, another)).toBe('replayed');
      await commit(another);
      await expectLaws();
    });

    it('once, whoever else tries at the same moment', async () => {
      const batch = await buried(3);
      const tries = Array.from({ length: 20 }, () => replayOf(batch));
      const others = Array.from({ length: 4 }, () => connectPatiently({ url: running.url }));
      const answers = await Promise.all(
        tries.map((replay, i) =>
          new DeadBatches<LogBatch>(others[i % 4]!, keys, CLAIM_BOUNDS).replay(batch.id, replay),
        ),
      );
      others.forEach((other) => other.disconnect());
      expect(answers.filter((answer) => answer === 'replayed')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'absent')).toHaveLength(19);
      await Promise.all([replays.finish(), replays.finish()]);
      expect(await queue.getWaitingCount()).toBe(1);
      await expectLaws();
    });

    it('or dropped, never both', async () => {
      const batch = await buried(3);
      const [replayed, dropped] = await Promise.all([
        dead.replay(batch.id, replayOf(batch)),
        new DeadBatches(redis, keys, CLAIM_BOUNDS).drop(batch.id),
      ]);
      expect([replayed === 'replayed', dropped].filter(Boolean)).toHaveLength(1);
      await expectLaws();
    });

    it('even if who does it is killed before the job is queued', async () => {
      const batch = await buried(3);
      const replay = replayOf(batch);
      await dead.replay(batch.id, replay);
      expect(await queue.getWaitingCount()).toBe(0);
      await expectLaws();
      await replays.finish();
      expect(await queue.getWaitingCount()).toBe(1);
      expect(await redis.exists(keys.replays)).toBe(0);
    });

    it('once, if who does it is killed after the job is queued', async () => {
      const batch = await buried(3);
      const replay = replayOf(batch);
      await dead.replay(batch.id, replay);
      const noted = await redis.hgetall(keys.replays);
      await replays.finish();
      await redis.hset(keys.replays, noted);
      await replays.finish();
      expect(await queue.getWaitingCount()).toBe(1);
      await commit(replay);
      await queue.obliterate({ force: true });
      await redis.hset(keys.replays, noted);
      await redis.del(keys.marker(replay.id)); // an hour later
      await replays.finish();
      expect(await queue.getWaitingCount()).toBe(0);
      await expectLaws();
    });
  });

  it('are dropped, once', async () => {
    const [one, two] = [await buried(3), await buried(3)];
    expect(await dead.drop(one.id)).toBe(true);
    expect(await dead.drop(one.id)).toBe(false);
    expect(await dead.replay(one.id, replayOf(one))).toBe('absent');
    expect(await ids()).toEqual([two.id]);
    expect(await graves()).toEqual([keys.deadPayload(two.id)]);
    expect(await counters()).toMatchObject({ 'deadDropped|default|operator': 1 });
    await expectLaws();
  });

  it('are listed in the order in which they died, however many there are', async () => {
    const all = new Set<string>();
    for (let i = 0; i < 600; i++) all.add((await buried(1)).id);
    const times: number[] = [];
    for await (const { id, diedAt } of dead.list()) {
      expect(all.delete(id)).toBe(true);
      times.push(diedAt);
    }
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(all.size).toBe(0);
  });
});
