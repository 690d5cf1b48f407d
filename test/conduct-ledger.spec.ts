import { freshBatchId, type LogBatch } from '#batches';
import { ConductLedger, Suspects, type BatchConduct, type Commit, type ConductCommit } from '#ledger';
import { batchFields } from '#metric-names';
import { Keys } from '#redis';
import { startQueue, type RunningQueue } from './harness/queue.js';
import { until } from './harness/until.js';

const SOURCE = 'default';
const DAY_MS = 86_400_000;
const MIB = 1024 ** 2;
const LEASE_MS = 60_000;

const judging: Omit<ConductCommit, 'since' | 'until' | 'requests'> = {
  state: undefined,
  keptMs: DAY_MS,
  additions: [],
  gauges: [],
  suspects: [],
};

describe('what waits until callers are judged', () => {
  const keys = new Keys();
  let running: RunningQueue;
  let redis: RunningQueue['redis'];
  let conduct: ConductLedger;

  beforeAll(async () => {
    running = await startQueue();
    ({ redis } = running);
    conduct = new ConductLedger(redis, keys);
  });
  beforeEach(() => redis.flushall());
  afterAll(() => running.stop());

  const counters = async () => Object.fromEntries(await running.ledger.read());
  const skipped = async (reason: string) => (await counters())[`conductSkipped|${SOURCE}|${reason}`] ?? 0;
  const waiting = () => conduct.look(SOURCE);

  const commitOf = (conduct: BatchConduct | undefined): Commit => ({
    additions: batchFields(SOURCE, 'committed', 3),
    acceptance: [],
    redelivery: [['redeliveries|default', 1]],
    maxima: [],
    rejected: [{ source: SOURCE, reason: 'binary', line: 'x' }],
    conduct,
  });
  const pieces = (...pieces: [slice: number, requests: number, steps: string][]): BatchConduct => ({
    source: SOURCE,
    pieces: pieces.map(([slice, requests, steps]) => ({ slice, requests, steps: Buffer.from(steps) })),
    glances: [],
    maxBytes: MIB,
    keptMs: DAY_MS,
    glancesKeptMs: DAY_MS,
  });

  /** A batch that was accepted is committed. */
  async function committed(share: BatchConduct | undefined): Promise<Pick<LogBatch, 'id' | 'keyed'>> {
    const batch = { id: freshBatchId(), keyed: false };
    await redis.set(keys.payload(batch.id), 'x'.repeat(1000));
    expect(await running.ledger.commit(batch, commitOf(share))).toBe('committed');
    return batch;
  }

  it('are the pieces of each slice, once, however often the batch is delivered', async () => {
    const share = pieces([7, 2, 'ab'], [8, 1, 'c']);
    const batch = await committed(share);
    await committed(pieces([7, 1, '\0\xff']));
    expect(await running.ledger.commit(batch, commitOf(share))).toBe('redelivered');
    const lost = { id: freshBatchId(), keyed: false };
    expect(await running.ledger.commit(lost, commitOf(share))).toBe('lost');
    const { judged, slices } = await waiting();
    expect([judged, slices]).toEqual([
      -1,
      [
        { slice: 7, requests: 3, bytes: expect.any(Number) as number, pieces: 2 },
        { slice: 8, requests: 1, bytes: expect.any(Number) as number, pieces: 1 },
      ],
    ]);
    expect((await conduct.pieces(SOURCE, slices[0]!)).map(String)).toEqual(['ab', '\0\xff']);
  });

  it('are nothing of a worker that does not follow callers', async () => {
    await committed(undefined);
    expect((await waiting()).slices).toEqual([]);
  });

  it('are judged once, with all that was found', async () => {
    await committed(pieces([7, 2, 'ab'], [9, 1, 'c']));
    const commit: ConductCommit = {
      ...judging,
      ...{ since: -1, until: 8, requests: 2, state: Buffer.from('known') },
      additions: [['retries|default|otc-dcs|503|never', 2]],
      gauges: [['retryHerd|default|otc-dcs', 500]],
      suspects: [{ at: Date.now(), text: '{"a":1}' }],
    };
    const before = await running.ledger.head();
    expect(await conduct.commit(SOURCE, commit)).toBe('judged');
    expect(await conduct.commit(SOURCE, commit)).toBe('overtaken');
    expect(await counters()).toMatchObject({
      'retries|default|otc-dcs|503|never': 2,
      'retryHerd|default|otc-dcs': 500,
    });
    expect((await running.ledger.head()).revision).toBeGreaterThan(before.revision);
    expect(await conduct.state(SOURCE)).toEqual(Buffer.from('known'));
    expect(await new Suspects(redis, keys).of(SOURCE)).toEqual([{ a: 1 }]);
    const { judged, slices } = await waiting();
    expect([judged, slices.map(({ slice }) => slice)]).toEqual([8, [9]]);
  });

  it('has gauges fall, and keeps a state that is as before', async () => {
    const gauge = 'sessionsOpen|default|otc-dcs|d';
    const first = { ...judging, since: -1, until: 1, requests: 0, state: Buffer.from('known') };
    await conduct.commit(SOURCE, { ...first, gauges: [[gauge, 64]] });
    await conduct.commit(SOURCE, { ...judging, since: 1, until: 2, requests: 0, gauges: [[gauge, 3]] });
    expect(await counters()).toMatchObject({ [gauge]: 3 });
    expect(await conduct.state(SOURCE)).toEqual(Buffer.from('known'));
  });

  it('is late, and counted so, if it comes for a slice that was judged or is being judged', async () => {
    await committed(pieces([7, 2, 'ab']));
    const { judged } = await waiting();
    await committed(pieces([6, 4, 'x'], [7, 8, 'y'], [8, 1, 'z']));
    await conduct.commit(SOURCE, { ...judging, since: judged, until: 7, requests: 2 });
    expect(await skipped('late')).toBe(12);
    await committed(pieces([3, 16, 'x'], [7, 32, 'x'], [8, 1, 'z']));
    expect(await skipped('late')).toBe(60);
    const { slices } = await waiting();
    expect(slices).toMatchObject([{ slice: 8, requests: 2 }]);
    expect(await redis.keys(`${keys.conduct(SOURCE)}:[0-9]*`)).toEqual([keys.conductPieces(SOURCE, 8)]);
  });

  it('goes unjudged, the oldest slices first, and counted so, where it takes too much memory', async () => {
    const large = 'x'.repeat(300 * 1024);
    await committed(pieces([5, 1, large], [6, 2, large], [7, 4, large]));
    expect(await skipped('evicted')).toBe(0);
    await committed(pieces([8, 8, large]));
    expect(await skipped('evicted')).toBe(1);
    await committed(pieces([5, 16, 'x'], [9, 1, large]));
    expect([await skipped('evicted'), await skipped('late')]).toEqual([3, 16]);
    const { bytes, slices, judged } = await waiting();
    expect([judged, slices.map(({ slice }) => slice)]).toEqual([6, [7, 8, 9]]);
    expect(bytes).toBeLessThan(MIB);
    expect(await conduct.commit(SOURCE, { ...judging, since: -1, until: 6, requests: 3 })).toBe('overtaken');
  });

  it('takes no more memory than it is counted with', async () => {
    const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
    await committed(pieces([1, 1, 'x']));
    const many = Array.from(
      { length: 2000 },
      (_, i) => [2 + i, 1, 'x'.repeat(70)] as [number, number, string],
    );
    const [before, then] = [await used(), (await waiting()).bytes];
    await committed({ ...pieces(...many), maxBytes: 64 * MIB });
    await committed({ ...pieces(...many), maxBytes: 64 * MIB });
    const counted = (await waiting()).bytes - then;
    const taken = (await used()) - before;
    expect(taken).toBeLessThan(counted);
    expect(taken).toBeGreaterThan(counted / 2);
  });

  it('passes through a Redis that is full, as the batch does that it is of', async () => {
    const batch = { id: freshBatchId(), keyed: false };
    await redis.set(keys.payload(batch.id), 'x'.repeat(1000));
    await redis.config('SET', 'maxmemory', '1');
    try {
      expect(await running.ledger.commit(batch, commitOf(pieces([7, 2, 'y'.repeat(5000)])))).toBe(
        'committed',
      );
      const commit = { ...judging, since: -1, until: 7, requests: 2, state: Buffer.from('z'.repeat(5000)) };
      expect(await conduct.commit(SOURCE, commit)).toBe('judged');
      expect(await conduct.commit(SOURCE, { ...commit, since: 7, until: 8, requests: 0 })).toBe('judged');
    } finally {
      await redis.config('SET', 'maxmemory', '0');
    }
    expect((await waiting()).judged).toBe(8);
  });

  it('is gone some time after the last word of a source', async () => {
    await committed({ ...pieces([7, 1, 'x']), glances: [{ slice: 7, text: '[]' }] });
    await conduct.commit(SOURCE, { ...judging, since: -1, until: 6, requests: 0, state: Buffer.from('x') });
    await conduct.setSuspected(SOURCE, [['maintenance|default|v|d', 1]], DAY_MS);
    const ours = [
      ...(await redis.keys(`${keys.conduct(SOURCE)}*`)),
      ...(await redis.keys(`${keys.glances(SOURCE, 7)}*`)),
    ];
    expect(ours).toHaveLength(7);
    for (const key of ours) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });

  it('is for one worker at a time, and for another when that one is gone', async () => {
    const lease = (who: string) => conduct.lease(SOURCE, who, LEASE_MS);
    expect([await lease('a'), await lease('b'), await lease('a')]).toEqual([true, false, true]);
    await redis.pexpire(keys.conductLease(SOURCE), 1);
    await until('the lease is over', () => lease('b'));
  });

  it('tells which devices are suspected, until they no longer are', async () => {
    const gauge = (device: string, value: number) => [`maintenance|default|v|${device}`, value] as const;
    await conduct.setSuspected(SOURCE, [gauge('a', 1), gauge('b', 0)], DAY_MS);
    expect(await counters()).toEqual({ 'maintenance|default|v|a': 1, 'maintenance|default|v|b': 0 });
    const { revision } = await running.ledger.head();
    await conduct.setSuspected(SOURCE, [gauge('a', 1), gauge('b', 0)], DAY_MS);
    expect((await running.ledger.head()).revision).toBe(revision);
    await conduct.setSuspected(SOURCE, [gauge('b', 0)], DAY_MS);
    expect(await counters()).toEqual({ 'maintenance|default|v|a': 0, 'maintenance|default|v|b': 0 });
  });

  it('keeps so much of the glances at a slice, and no more', async () => {
    const glance = (slice: number, text: string) => ({
      ...pieces(),
      glances: [{ slice, text }],
    });
    await committed(glance(7, 'a'));
    await committed(glance(7, 'b'.repeat(256 * 1024 - 1)));
    await committed(glance(7, 'c'));
    await committed(glance(8, 'd'));
    const texts = await conduct.glances(SOURCE, [6, 7, 8]);
    expect(texts.map((text) => text[0])).toEqual(['a', 'b', 'd']);
  });

  it('keeps a thousand suspects of a week, the newest, until they are dropped', async () => {
    const now = Date.now();
    const suspects = [
      ...Array.from({ length: 1100 }, (_, i) => ({ at: now + i, text: `{"i":${i}}` })),
      { at: now - 8 * DAY_MS, text: '{"i":"old"}' },
    ];
    await conduct.commit(SOURCE, { ...judging, since: -1, until: 1, requests: 0, suspects });
    const kept = new Suspects<{ i: number }>(redis, keys);
    const found = await kept.of(SOURCE);
    expect([found.length, found[0], found.at(-1)]).toEqual([1000, { i: 1099 }, { i: 100 }]);
    await kept.drop(SOURCE);
    expect(await kept.of(SOURCE)).toEqual([]);
  });
});
