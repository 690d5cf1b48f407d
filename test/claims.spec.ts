import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { keyedBatchId, type LogBatch } from '#batches';
import { Ledger, type Commit } from '#ledger';
import { batchFields, ledgerField } from '#metric-names';
import { BYTES_PER_CLAIM, Keys, readClaims, type ClaimBounds } from '#redis';
import { CLAIM_BOUNDS } from './harness/claim-bounds.js';
import { startQueue, type RunningQueue } from './harness/queue.js';
import { startStatuslens, total } from './harness/statuslens.js';
import { startTcpProxy } from './harness/tcp-proxy.js';
import { until } from './harness/until.js';

const SOURCE = 'default';
const HOUR_MS = 3_600_000;
const TTL_HOURS = CLAIM_BOUNDS.ttlMs / HOUR_MS;

const boundsFor = (claims: number): ClaimBounds => ({
  ...CLAIM_BOUNDS,
  maxBytes: claims * BYTES_PER_CLAIM,
});

const acceptance = {
  accepted: batchFields(SOURCE, 'accepted', 3),
  duplicate: batchFields(SOURCE, 'duplicate', 3),
};

const commit: Commit = {
  additions: batchFields(SOURCE, 'committed', 3),
  acceptance: batchFields(SOURCE, 'accepted', 3),
  redelivery: [[`redeliveries|${SOURCE}`, 1]],
  maxima: [],
  rejected: [],
};

const batchOf = (key: string | number): Omit<LogBatch, 'v'> => ({
  id: keyedBatchId(SOURCE, String(key)),
  source: SOURCE,
  format: 'detect',
  encoding: 'identity',
  receivedAt: 0,
  bytes: 3,
  keyed: true,
});

/** What Redis would hold if its clock were ahead: all that it knows of claims becomes older by ARGV 1 milliseconds. */
const AGE = `
local ms = tonumber(ARGV[1])
local function earlier(micros) return string.format('%.0f', tonumber(micros) - ms * 1000) end
local function sooner(key)
  local left = redis.call('PTTL', key) - ms
  if left > 0 then redis.call('PEXPIRE', key, left) else redis.call('DEL', key) end
end
for i, slice in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local key = KEYS[1] .. ':' .. slice
  redis.call('LSET', KEYS[1], i - 1, earlier(slice))
  if redis.call('EXISTS', key) == 1 then
    redis.call('RENAME', key, KEYS[1] .. ':' .. earlier(slice))
    sooner(KEYS[1] .. ':' .. earlier(slice))
  end
end
sooner(KEYS[1])
local forgotten = redis.call('GET', KEYS[2])
if forgotten then
  redis.call('SET', KEYS[2], earlier(forgotten), 'KEEPTTL')
  sooner(KEYS[2])
end
`;

describe('the key of a sender', () => {
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

  const accept = (key: string | number) => producer.add(batchOf(key), Buffer.from('{}\n'), acceptance);
  const age = (hours: number) =>
    redis.eval(AGE, 2, keys.claims, keys.claimsForgotten, Math.round(hours * HOUR_MS));
  const counter = async (field: string) => (await ledger.read()).get(field) ?? 0;
  const evicted = () => counter(ledgerField('claimsEvicted'));
  const slices = () => redis.llen(keys.claims);

  /** As its sender, the queue and a worker see it. @returns whether it was counted */
  async function send(key: string | number, by = ledger): Promise<boolean> {
    if ((await accept(key)) === 'duplicate') return false;
    const batch = batchOf(key);
    expect(await by.commit(batch, commit)).toBe('committed');
    await queue.remove(batch.id);
    return true;
  }

  /** Counts batches without a queue, many at once. */
  async function count(first: number, howMany: number, by: Ledger): Promise<void> {
    for (let done = 0; done < howMany; done += 500) {
      const some = Array.from({ length: Math.min(500, howMany - done) }, (_, i) => first + done + i);
      await Promise.all(
        some.map(async (key) => {
          await redis.set(keys.payload(batchOf(key).id), '{}\n');
          expect(await by.commit(batchOf(key), commit)).toBe('committed');
        }),
      );
    }
  }

  const isKnown = async (key: number): Promise<boolean> => {
    const result = await ledger.commit(batchOf(key), commit);
    return result === 'redelivered';
  };

  it('is recognised for as long as claims.ttl says, and counts again after that', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ key: fc.integer({ min: 0, max: 5 }) }),
            fc.record({ hours: fc.double({ min: 0.01, max: 60, noNaN: true }) }),
          ),
          { minLength: 5, maxLength: 25 },
        ),
        async (steps) => {
          await redis.flushall();
          const countedAt = new Map<number, number>();
          let now = 0;
          for (const step of steps) {
            if ('hours' in step) {
              now += step.hours;
              await age(step.hours);
              continue;
            }
            const since = now - (countedAt.get(step.key) ?? -Infinity);
            const counted = await send(step.key);
            // it goes with its slice, an hour long, and when a slice begins
            if (since < TTL_HOURS - 0.01) expect(counted).toBe(false);
            if (since > TTL_HOURS + 3.01) expect(counted).toBe(true);
            if (counted) countedAt.set(step.key, now);
          }
          expect(await evicted()).toBe(0);
          expect((await readClaims(redis, keys, CLAIM_BOUNDS)).windowMs).toBe(CLAIM_BOUNDS.ttlMs);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is recognised in whichever of the 96 hours it was counted', async () => {
    for (let hour = 0; hour < TTL_HOURS; hour++) {
      await count(hour, 1, ledger);
      await age(1);
    }
    expect(await slices()).toBe(TTL_HOURS);
    for (let hour = 0; hour < TTL_HOURS; hour++) expect(await isKnown(hour)).toBe(true);
    await age(TTL_HOURS + 3);
    await count(TTL_HOURS, 1, ledger);
    expect(await slices()).toBe(1);
    expect(await redis.keys(`${keys.claims}*`)).toHaveLength(2);
  });

  it('goes with the next that begins a slice, before Redis has to expire it in one stand', async () => {
    for (let hour = 0; hour < TTL_HOURS + 10; hour++) {
      await count(hour, 1, ledger);
      await age(1);
    }
    await count(-1, 1, ledger);
    expect(await slices()).toBe(TTL_HOURS + 1);
    expect(await redis.pttl(keys.claimSlice((await redis.lindex(keys.claims, 0))!))).toBeGreaterThan(HOUR_MS);
  });

  it('is forgotten by Redis alone if no other comes', async () => {
    await send('one');
    await age(TTL_HOURS + 3);
    expect(await redis.keys(`${keys.claims}*`)).toEqual([]);
  });

  it('counts once, however many send it at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => accept('one')));
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    const results = await Promise.all(
      Array.from({ length: 20 }, () => ledger.commit(batchOf('one'), commit)),
    );
    expect(results.filter((result) => result === 'committed')).toHaveLength(1);
    expect(await counter('batches|default|committed')).toBe(1);
    expect(await counter('batches|default|duplicate')).toBe(49);
    expect(await redis.scard(keys.claimSlice((await redis.lindex(keys.claims, 0))!))).toBe(1);
  });

  it('is recognised by the clock of Redis, whatever that of a process says', async () => {
    const now = Date.now;
    try {
      await send('one');
      for (const days of [-30, 30]) {
        Date.now = () => now() + days * 24 * HOUR_MS;
        expect(await send('one')).toBe(false);
        expect(await send(`of ${days}`)).toBe(true);
        expect((await readClaims(redis, keys, CLAIM_BOUNDS)).windowMs).toBe(CLAIM_BOUNDS.ttlMs);
      }
    } finally {
      Date.now = now;
    }
    expect(await slices()).toBe(1);
  });

  it('is recognised by workers of other settings, which begin slices of their own length', async () => {
    const brief = new Ledger(redis, keys, { ...CLAIM_BOUNDS, ttlMs: HOUR_MS });
    for (let i = 0; i < 300; i++) {
      await count(i, 1, i % 2 === 0 ? ledger : brief);
      await age(0.02);
    }
    // an hour of short slices is kept, but what expired in between is not even a name
    expect(await slices()).toBeLessThan(100);
    expect(await isKnown(299)).toBe(true);
    expect(await isKnown(260)).toBe(true);
  });

  describe('if there are more than fit', () => {
    const most = 160;
    const small = boundsFor(most);
    let tight: Ledger;
    beforeAll(() => (tight = new Ledger(redis, keys, small)));

    it('is forgotten if it is one of the oldest, and then counts once more', async () => {
      await count(0, 120, tight);
      await age(2);
      await count(120, 120, tight);
      const { claims, bytes, windowMs } = await readClaims(redis, keys, small);
      expect(bytes).toBeLessThanOrEqual(small.maxBytes);
      expect(claims).toBeGreaterThan(most * (14 / 16));
      expect(await evicted()).toBe(240 - claims);
      expect(windowMs).toBeGreaterThanOrEqual(2 * HOUR_MS);
      expect(windowMs).toBeLessThan(2 * HOUR_MS + 60_000);
      for (let key = 0; key < 240; key++) expect(await isKnown(key)).toBe(key >= 240 - claims);
      expect(await send(0, tight)).toBe(true);
      expect(await send(0, tight)).toBe(false);
      expect(await send(239, tight)).toBe(false);
    });

    it('is kept if it is new, even if all are of one hour', async () => {
      await count(0, 1000, tight);
      const { claims, windowMs } = await readClaims(redis, keys, small);
      expect(claims).toBeLessThanOrEqual(most);
      expect(claims).toBeGreaterThan(most * (14 / 16));
      expect(await evicted()).toBe(1000 - claims);
      for (let key = 0; key < 1000; key++) expect(await isKnown(key)).toBe(key >= 1000 - claims);
      expect(windowMs).toBeLessThan(60_000);
    });

    it('never takes more than it may, whatever the times', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              howMany: fc.integer({ min: 1, max: 90 }),
              hours: fc.double({ min: 0, max: 50, noNaN: true }),
              cap: fc.constantFrom(16, 50, 160),
            }),
            { minLength: 1, maxLength: 8 },
          ),
          async (steps) => {
            await redis.flushall();
            let next = 0;
            for (const { howMany, hours, cap } of steps) {
              const bounds = boundsFor(cap);
              await count(next, howMany, new Ledger(redis, keys, bounds));
              next += howMany;
              expect(await isKnown(next - 1)).toBe(true);
              // a cap that was lowered holds from the next slice on, which this many claims begin
              if (howMany > cap / 16 + 1)
                expect((await readClaims(redis, keys, bounds)).claims).toBeLessThanOrEqual(cap);
              await age(hours);
            }
          },
        ),
        { numRuns: 10 },
      );
    });

    it('says so for as long as it matters', async () => {
      await count(0, 200, tight);
      await age(40);
      const window = async () => Math.round((await readClaims(redis, keys, small)).windowMs / HOUR_MS);
      expect(await window()).toBe(40);
      await age(55);
      expect(await window()).toBe(95);
      await age(2);
      expect(await window()).toBe(TTL_HOURS);
    });

    it('shows on the page of the exporter', async () => {
      const statuslens = await startStatuslens(running.url, { claims: { ttl: '48h', max_bytes: '2MiB' } });
      try {
        const fresh = await statuslens.metrics();
        expect(fresh.get('statuslens_claims_window_seconds')).toBe(48 * 3600);
        expect(fresh.get('statuslens_claims_ttl_seconds')).toBe(48 * 3600);
        expect(fresh.get('statuslens_claims_limit_bytes')).toBe(2 * 1024 ** 2);
        const page = await (await fetch(`${statuslens.exporter}/metrics`)).text();
        expect(page).toMatch('\nstatuslens_claims_evicted_total 0\n');
        await statuslens.send(SOURCE, 'one line\n', { 'idempotency-key': 'one' });
        await until('it is counted', async () => (await statuslens.metrics()).get('statuslens_claims') === 1);
        expect((await statuslens.metrics()).get('statuslens_claims_bytes')).toBe(BYTES_PER_CLAIM);
        await count(0, 200, tight);
        const short = await statuslens.metrics();
        expect(short.get('statuslens_claims_window_seconds')).toBeLessThan(60);
        expect(total(short, 'statuslens_batches_total', '"committed"')).toBe(201);
        const kept = short.get('statuslens_claims')!;
        expect(short.get('statuslens_claims_evicted_total')).toBe(201 - kept);
      } finally {
        await statuslens.stop();
      }
    });
  });

  it('lets curl repeat a batch whose answer was lost, as docs/exactly-once.md says', async () => {
    const page = await readFile('docs/exactly-once.md', 'utf8');
    const command = /```sh\n(curl [^`]+)```/.exec(page)![1]!;
    const folder = await mkdtemp(join(tmpdir(), 'statuslens-curl-'));
    const statuslens = await startStatuslens(running.url);
    const proxy = await startTcpProxy(Number(new URL(statuslens.ingest).port));
    const run = (text: string) =>
      promisify(execFile)('sh', ['-c', text.replace('localhost:8080', `127.0.0.1:${proxy.port}`)], {
        cwd: folder,
      });
    const batches = async (outcome: string) =>
      total(await statuslens.metrics(), 'statuslens_batches_total', `"${outcome}"`);
    try {
      await writeFile(join(folder, 'access.log.1'), 'one line\n');
      proxy.loseAnswers(2);
      const { stdout } = await run(command);
      expect(JSON.parse(stdout.slice(stdout.lastIndexOf('{')))).toMatchObject({ status: 'duplicate' });
      await until('it is counted', async () => (await batches('committed')) === 1);
      expect(await batches('duplicate')).toBe(2);
      proxy.loseAnswers(1);
      await run(command.replace(/-H "[^\n]+" /, ''));
      await until('without a key it counts twice', async () => (await batches('committed')) === 3);
    } finally {
      await proxy.close();
      await statuslens.stop();
      await rm(folder, { recursive: true });
    }
  });

  describe('costs', () => {
    const CLAIMS = 10_000;
    /** Commands that Redis ran since. */
    const calls = async (work: () => Promise<unknown>): Promise<number> => {
      await redis.config('RESETSTAT');
      await work();
      const stats = (await redis.info('commandstats')).match(/calls=\d+/g) ?? [];
      return stats.reduce((sum, text) => sum + Number(text.slice('calls='.length)), 0);
    };

    it('as many steps among many as among few, and no more memory than is said', async () => {
      await count(0, 50, ledger);
      const few = await calls(() => count(-1, 1, ledger));
      const before = Number((await redis.info('memory')).match(/used_memory:(\d+)/)![1]);
      await count(50, CLAIMS - 50, ledger);
      const taken = Number((await redis.info('memory')).match(/used_memory:(\d+)/)![1]) - before;
      expect(await calls(() => count(-2, 1, ledger))).toBe(few);
      expect(await calls(() => isKnown(1))).toBeLessThan(10);

      const slice = keys.claimSlice((await redis.lindex(keys.claims, 0))!);
      const usage = (await redis.memory('USAGE', slice, 'SAMPLES', 0))!;
      const said = (await readClaims(redis, keys, CLAIM_BOUNDS)).bytes;
      for (const real of [taken, usage]) {
        expect(real).toBeLessThanOrEqual(said);
        expect(real).toBeGreaterThan(said * 0.6);
      }
    });

    it('at most a hundred and twenty looks, whatever the bounds are', async () => {
      const tight = new Ledger(redis, keys, boundsFor(16));
      for (let hour = 0; hour < 200; hour++) {
        await count(hour, 1, hour < 100 ? ledger : tight);
        await age(0.9);
      }
      expect(await slices()).toBeLessThanOrEqual(16);
      const wide = new Ledger(redis, keys, boundsFor(16 * 200));
      for (let i = 0; i < 150; i++) {
        await count(1000 + i * 3, 3, wide);
        await age(1);
      }
      expect(await slices()).toBeLessThanOrEqual(120);
    });
  });
});
