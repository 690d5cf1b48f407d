import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Queue } from 'bullmq';
import { BATCH_QUEUE, LOG_BATCH_VERSION, READABLE_VERSIONS, type LogBatch } from '#batches';
import { Ledger } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import { startIngest } from '../apps/ingest/src/start.js';
import { startWorker } from '../apps/worker/src/start.js';
import { CLAIM_BOUNDS } from './harness/claim-bounds.js';
import { contentsOf, putContents, type PutCommand } from './harness/redis-copy.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { settingsFor } from './harness/settings.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /x HTTP/1.1" 503 12 "-" "curl"\n';
const SOURCES = { sources: { default: { format: 'combined' } } };
const NO_METRICS = { processMetrics: false };

/** All that ingest of a version leaves in Redis for one batch. */
const fixture = (version: number): string => `test/fixtures/batch-v${version}.json`;
const contents = (version: number): PutCommand[] =>
  JSON.parse(readFileSync(fixture(version), 'utf8')) as PutCommand[];

/** The hash of the job: its data and how it is to be tried. */
function jobIn(commands: readonly PutCommand[]): { data: object; opts: object } {
  const [, , ...fields] = commands.find(([name, , ...args]) => name === 'HSET' && args.includes('data'))!;
  const field = (name: string) => JSON.parse(fields[fields.indexOf(name) + 1]!) as object;
  return { data: field('data'), opts: field('opts') };
}

describe('batches of several versions', () => {
  const keys = new Keys();
  let redis: RunningRedis;
  let client: ReturnType<typeof connectPatiently>;
  let queue: Queue<LogBatch>;
  let ledger: Ledger;

  const accept = async (): Promise<void> => {
    const ingest = await startIngest(settingsFor(redis.url, SOURCES), NO_METRICS);
    const url = await ingest.getUrl();
    await until('ingest is ready', async () => (await fetch(`${url}/readyz`)).ok);
    expect((await fetch(`${url}/ingest/default`, { method: 'POST', body: LINE })).status).toBe(202);
    await ingest.close();
  };
  const classified = async (): Promise<number> => (await ledger.read()).get('lines|default|classified') ?? 0;
  const counted = (lines: number) =>
    until(`${lines} are counted`, async () => (await classified()) === lines);

  beforeEach(async () => {
    redis = await startRedis();
    client = connectPatiently({ url: redis.url });
    queue = new Queue(BATCH_QUEUE, { connection: client, prefix: keys.queuePrefix });
    ledger = new Ledger(client, keys, CLAIM_BOUNDS);
  });
  afterEach(async () => {
    await queue.close();
    client.disconnect();
    await redis.stop();
  });

  it('are read as the one that is written now, and the one before', () => {
    expect(READABLE_VERSIONS).toEqual([LOG_BATCH_VERSION, LOG_BATCH_VERSION - 1].filter((v) => v > 0));
  });

  /** Without a fixture of a new version the test writes it. */
  it('and what is written now has the shape of its version: another shape is another version', async () => {
    await accept();
    const written = await contentsOf(client);
    const file = fixture(LOG_BATCH_VERSION);
    if (!existsSync(file) && !process.env['CI']) writeFileSync(file, JSON.stringify(written, null, 2) + '\n');
    const [now, then] = [jobIn(written), jobIn(contents(LOG_BATCH_VERSION))];
    expect(now.opts).toEqual({ ...then.opts, jobId: expect.any(String) as string });
    const shape = (data: object) => Object.entries(data).map(([key, value]) => [key, typeof value]);
    expect(shape(now.data)).toEqual(shape(then.data));
    expect(now.data).toMatchObject({ v: LOG_BATCH_VERSION });
  });

  it.each(READABLE_VERSIONS)('and one of version %d, as it lay in Redis, is counted', async (version) => {
    await putContents(client, contents(version));
    const worker = await startWorker(settingsFor(redis.url, SOURCES), NO_METRICS);
    await counted(1);
    expect((await ledger.read()).get('batches|default|committed')).toBe(1);
    await worker.close();
  });

  it.each([
    ['newer', LOG_BATCH_VERSION + 1],
    ['too old', 0],
  ])('and one that is %s waits, is tried again, and lets all others pass', async (_, v) => {
    await accept();
    const [job] = await queue.getWaiting();
    await job!.updateData({ ...job!.data, v });
    const worker = await startWorker(
      settingsFor(redis.url, { ...SOURCES, worker: { concurrency: 1 } }),
      NO_METRICS,
    );
    await until('it has been tried twice', async () => (await queue.getJob(job!.id!))!.attemptsMade >= 2);
    await accept();
    await counted(1);
    const waiting = (await queue.getJob(job!.id!))!;
    expect(waiting.failedReason).toMatch(new RegExp(`^its version ${v} is (newer|older) than this worker`));
    expect((await ledger.read()).get('batches|default|dead')).toBeUndefined();
    // as a worker of its version would find it
    await waiting.updateData({ ...waiting.data, v: LOG_BATCH_VERSION });
    await counted(2);
    await worker.close();
  });
});
