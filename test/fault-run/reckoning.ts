import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { BATCH_QUEUE } from '#batches';
import { Ledger } from '#ledger';
import { LINE_OUTCOMES, ledgerField } from '#metric-names';
import { Keys, connectPatiently, redisInfo } from '#redis';
import { CLAIM_BOUNDS } from '../harness/claim-bounds.js';
import type { RunningPrometheus } from '../harness/prometheus.js';
import { until } from '../harness/until.js';
import type { Deployment } from './deployment.js';
import { sumOfLines, type Reckoning } from './outcome.js';
import type { Scraper } from './scraper.js';
import type { Sender } from './sender.js';

const RESETS = 'sum(resets(statuslens_lines_total[1d])) + sum(resets(statuslens_requests_total[1d]))';
const DRAIN_MS = 120_000;

/** Once the queue is empty, or does not become so: what the ledger, the exporter, Prometheus and Redis itself have. */
export async function reckon(
  { redis: { url }, prometheus }: Deployment,
  senders: readonly Sender[],
  scraper: Scraper,
): Promise<Reckoning> {
  const keys = new Keys();
  const redis = connectPatiently({ url });
  const queue = new Queue(BATCH_QUEUE, { connection: redis, prefix: keys.queuePrefix });
  const left = async (): Promise<number> =>
    Object.values(await queue.getJobCounts()).reduce((sum, jobs) => sum + jobs, 0);
  try {
    // if it does not, that is told as what is left
    await until('the queue is empty', async () => (await left()) === 0, { timeoutMs: DRAIN_MS }).catch(
      () => {},
    );
    const counters = await new Ledger(redis, keys, CLAIM_BOUNDS).read();
    const counted = await countedBatches(redis, keys);
    const sources = await Promise.all(
      senders.map(async (sender) => ({
        ...inLedger(counters, sender),
        lost: sender.sent.acknowledged.filter(({ id }) => !counted.has(id)),
        ...(await shownOf(sender.source, scraper, prometheus)),
      })),
    );
    return {
      sources,
      resets: (await prometheus.value(RESETS)) ?? NaN,
      leftJobs: await left(),
      leftPayloads: await unexpiring(redis, keys),
      dead: await redis.hvals(keys.dead),
      versions: { redis: await versionOf(redis), prometheus: await prometheus.version() },
    };
  } finally {
    await queue.close();
    redis.disconnect();
  }
}

function inLedger(counters: ReadonlyMap<string, number>, { source, keyed, sent }: Sender) {
  const lines = (outcome: string): number => counters.get(ledgerField('lines', source, outcome)) ?? 0;
  const batches = (outcome: string): number => counters.get(ledgerField('batches', source, outcome)) ?? 0;
  const [classified, rejected, ignored] = LINE_OUTCOMES.map(lines) as [number, number, number];
  return {
    source,
    keyed,
    sent,
    acknowledged: sumOfLines(sent.acknowledged),
    classified,
    rejected,
    ignored,
    counted: classified + rejected + ignored,
    unbalanced: batches('accepted') - batches('committed') - batches('duplicate') - batches('dead'),
  };
}

/** The ids of all, by the claims that counting leaves: of batches with a key for days, of others for an hour. */
async function countedBatches(redis: Redis, keys: Keys): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const key of keysLike(redis, keys.claimSlice('*')))
    for (const member of await redis.smembersBuffer(key)) ids.add(member.toString('hex'));
  for await (const key of keysLike(redis, keys.marker('*'))) ids.add(key.slice(keys.marker('').length));
  return ids;
}

/** The exporter shows the ledger as it is now, or more; Prometheus shows the same a scrape later, or never. */
async function shownOf(source: string, scraper: Scraper, prometheus: RunningPrometheus) {
  const label = `source="${source}"`;
  const shown = await scraper.sum('statuslens_lines_total', label);
  const [last, first] = ['max', 'min'].map(
    (which) => `${which}_over_time(statuslens_lines_total{${label}}[1d])`,
  );
  const difference = `sum(max without (instance, pod) (${last} - ${first}))`;
  const value = async (): Promise<number> => (await prometheus.value(difference)) ?? NaN;
  await until('Prometheus shows the same', async () => (await value()) === shown).catch(() => {});
  return { shown, inPrometheus: await value() };
}

/** Payloads that will not go away by themselves. */
async function unexpiring(redis: Redis, keys: Keys): Promise<number> {
  let unexpiring = 0;
  for await (const key of keysLike(redis, keys.payload('*')))
    if ((await redis.pttl(key)) === -1) unexpiring++;
  return unexpiring;
}

async function* keysLike(redis: Redis, match: string): AsyncGenerator<string> {
  for await (const found of redis.scanStream({ match, count: 1000 })) yield* found as string[];
}

const versionOf = async (redis: Redis): Promise<string> =>
  (await redisInfo(redis, 'server')).get('redis_version') ?? 'unknown';
