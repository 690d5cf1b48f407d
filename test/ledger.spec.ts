import { setTimeout as pause } from 'node:timers/promises';
import { freshBatchId, keyedBatchId, type LogBatch } from '#batches';
import { RejectedLines, type Commit } from '#ledger';
import { batchFields } from '#metric-names';
import { Keys } from '#redis';
import { startQueue, type RunningQueue } from './harness/queue.js';

const SOURCE = 'default';
const WEEK_MS = 7 * 86_400_000;

const acceptance = {
  accepted: batchFields(SOURCE, 'accepted', 3),
  duplicate: batchFields(SOURCE, 'duplicate', 3),
};

const commit: Commit = {
  additions: [['lines|default|classified', 1], ...batchFields(SOURCE, 'committed', 3)],
  acceptance: batchFields(SOURCE, 'accepted', 3),
  redelivery: [['redeliveries|default', 1]],
  maxima: [['lastEvent|default', 1000]],
  rejected: [],
};

const batchOf = (id: string, keyed: boolean): Omit<LogBatch, 'v'> => ({
  id,
  source: SOURCE,
  format: 'detect',
  encoding: 'identity',
  receivedAt: 0,
  bytes: 3,
  keyed,
});

describe('a batch', () => {
  let running: RunningQueue;
  let redis: RunningQueue['redis'];
  let queue: RunningQueue['queue'];
  let producer: RunningQueue['producer'];
  let ledger: RunningQueue['ledger'];
  const keys = new Keys();

  beforeAll(async () => {
    running = await startQueue();
    ({ redis, queue, producer, ledger } = running);
  });
  beforeEach(() => redis.flushall());
  afterAll(() => running.stop());

  const accept = (batch: Omit<LogBatch, 'v'>) => producer.add(batch, Buffer.from('{}\n'), acceptance);
  const counters = async () => Object.fromEntries(await ledger.read());
  const payloads = () => redis.keys(`${keys.payload('')}*`);

  it('is accepted once its payload no longer expires and its job waits', async () => {
    const batch = batchOf(freshBatchId(), false);
    expect(await accept(batch)).toBe('accepted');
    expect(await redis.pttl(keys.payload(batch.id))).toBe(-1);
    expect(await queue.getWaitingCount()).toBe(1);
    expect(await counters()).toEqual({ 'batches|default|accepted': 1, 'batchBytes|default|accepted': 3 });
  });

  it('is counted in full beside a sum that cannot grow any more', async () => {
    const sum = 'duration|default|sum';
    await redis.hset(keys.ledger, sum, '9223372036854775000');
    const additions: Commit['additions'] = [[sum, Number.MAX_SAFE_INTEGER], ...commit.additions];
    for (const id of [freshBatchId(), freshBatchId()]) {
      await accept(batchOf(id, false));
      expect(await ledger.commit({ id, keyed: false }, { ...commit, additions })).toBe('committed');
    }
    expect(await counters()).toMatchObject({ 'lines|default|classified': 2, 'batches|default|committed': 2 });
    expect(await redis.hget(keys.ledger, sum)).toBe('9223372036854775000');
  });

  it('is counted exactly, whatever a log has made of fields and amounts', async () => {
    const additions: Commit['additions'] = [
      ['device|"\\\u0000\n|é|😀', 10 ** 15],
      ['device|\ud800', Number.MAX_SAFE_INTEGER],
    ];
    const { id } = batchOf(freshBatchId(), false);
    await accept(batchOf(id, false));
    expect(await ledger.commit({ id, keyed: false }, { ...commit, additions })).toBe('committed');
    expect(await redis.hget(keys.ledger, 'device|"\\\u0000\n|é|😀')).toBe('1000000000000000');
    expect(await redis.hget(keys.ledger, 'device|\ufffd')).toBe('9007199254740991');
  });

  it('is counted once, however often it is committed', async () => {
    const batch = batchOf(freshBatchId(), false);
    await accept(batch);
    expect(await ledger.commit(batch, commit)).toBe('committed');
    expect(await ledger.commit(batch, commit)).toBe('redelivered');
    expect(await ledger.commit(batch, commit)).toBe('redelivered');
    expect(await counters()).toEqual({
      'batches|default|accepted': 1,
      'batchBytes|default|accepted': 3,
      'batches|default|committed': 1,
      'batchBytes|default|committed': 3,
      'lines|default|classified': 1,
      'lastEvent|default': 1000,
      'redeliveries|default': 2,
    });
    expect(await payloads()).toEqual([]);
  });

  it('is lost, and says so, if neither its payload nor a claim is there', async () => {
    expect(await ledger.commit(batchOf(freshBatchId(), false), commit)).toBe('lost');
    expect(await counters()).toEqual({});
  });

  it('counts as accepted even if a worker commits it before ingest has accepted it', async () => {
    const batch = batchOf(freshBatchId(), false);
    await redis.set(keys.payload(batch.id), '{}\n', 'EX', 60);
    expect(await ledger.commit(batch, commit)).toBe('committed');
    expect(await counters()).toMatchObject({ 'batches|default|accepted': 1, 'batches|default|committed': 1 });
  });

  it('keeps the newest event, not the last one', async () => {
    for (const [time, wanted] of [
      [5000, 5000],
      [2000, 5000],
      [7000, 7000],
    ] as const) {
      const batch = batchOf(freshBatchId(), false);
      await accept(batch);
      await ledger.commit(batch, { ...commit, maxima: [['lastEvent|default', time]] });
      expect(await counters()).toMatchObject({ 'lastEvent|default': wanted });
    }
  });

  it('is told which names may be label values: the first ones, for good', async () => {
    expect(await ledger.admit('device', SOURCE, ['a', 'b'], 3)).toEqual(new Set(['a', 'b']));
    expect(await ledger.admit('device', SOURCE, ['c', 'd', 'a'], 3)).toEqual(new Set(['c', 'a']));
    expect(await ledger.admit('device', 'another', ['d'], 3)).toEqual(new Set(['d']));
    expect(await ledger.admit('device', SOURCE, [], 3)).toEqual(new Set());
  });

  describe('with a key of its sender', () => {
    const batch = batchOf(keyedBatchId(SOURCE, 'one'), true);

    it('is a duplicate while the first one waits, and after it was counted', async () => {
      expect(await accept(batch)).toBe('accepted');
      expect(await accept(batch)).toBe('duplicate');
      expect(await queue.getWaitingCount()).toBe(1);
      await ledger.commit(batch, commit);
      await queue.obliterate({ force: true });
      expect(await accept(batch)).toBe('duplicate');
      expect(await queue.getWaitingCount()).toBe(0);
      expect(await payloads()).toEqual([]);
      expect(await counters()).toMatchObject({
        'batches|default|accepted': 3,
        'batches|default|duplicate': 2,
        'batches|default|committed': 1,
        'lines|default|classified': 1,
      });
    });

    it('is completed by a repeat if ingest died before it was accepted', async () => {
      await redis.set(keys.payload(batch.id), '{}\n', 'EX', 60);
      expect(await accept(batch)).toBe('accepted');
      expect(await redis.pttl(keys.payload(batch.id))).toBe(-1);
      expect(await queue.getWaitingCount()).toBe(1);
    });

    it('is another batch for another source or another key', () => {
      const ids = [
        keyedBatchId('a', 'b|c'),
        keyedBatchId('a|b', 'c'),
        keyedBatchId('a', 'b'),
        keyedBatchId('ab', ''),
      ];
      expect(new Set(ids).size).toBe(ids.length);
    });
  });

  describe('with lines that were rejected', () => {
    const rejecting = async (...lines: string[]) => {
      const batch = batchOf(freshBatchId(), false);
      await accept(batch);
      const rejected = lines.map((line) => ({ source: SOURCE, reason: 'binary', line }));
      return ledger.commit(batch, { ...commit, rejected });
    };
    const kept = async () =>
      (await new RejectedLines(redis, keys).of(SOURCE, 'binary')).map(({ line }) => line);

    it('keeps five of them, the newest, each once', async () => {
      for (const line of ['a', 'b', 'c', 'b', 'd', 'e', 'f', 'f']) {
        await rejecting(line);
        await pause(2);
      }
      expect(await kept()).toEqual(['f', 'e', 'd', 'b', 'c']);
    });

    it('forgets them after a week, even when no other comes', async () => {
      await rejecting('now');
      const key = keys.rejectedLines(SOURCE, 'binary');
      expect(await redis.pttl(key)).toBeGreaterThan(WEEK_MS - 60_000);
      await redis.zadd(key, Date.now() - WEEK_MS - 1, 'old');
      expect(await kept()).toEqual(['now']);
      await rejecting('now, too');
      expect(await redis.zcard(key)).toBe(2);
    });

    it('keeps none of a batch that was counted before', async () => {
      const batch = batchOf(freshBatchId(), false);
      await accept(batch);
      await ledger.commit(batch, commit);
      await ledger.commit(batch, { ...commit, rejected: [{ source: SOURCE, reason: 'binary', line: 'x' }] });
      expect(await kept()).toEqual([]);
    });
  });
});
