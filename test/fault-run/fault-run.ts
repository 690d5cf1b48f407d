import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { BATCH_QUEUE } from '#batches';
import { Ledger } from '#ledger';
import { LINE_OUTCOMES, ledgerField } from '#metric-names';
import { Keys, connectPatiently } from '#redis';
import { until } from '../harness/until.js';
import { Deployment, type Fsync } from './deployment.js';
import { FAULTS, type Fault } from './faults.js';
import { randomFrom } from '../harness/random.js';
import { Scraper } from './scraper.js';
import { Sender, type Sent } from './sender.js';

export interface Plan {
  readonly seed: number;
  /** Lines of each source, at least. */
  readonly lines: number;
  /** So many processes are killed; the senders go on until then. */
  readonly kills: number;
  readonly fsync: Fsync;
  readonly linesPerBatch: number;
}

/** What one source sent and what was counted of it. */
interface SourceOutcome {
  readonly source: string;
  readonly keyed: boolean;
  readonly sent: Sent;
  readonly classified: number;
  readonly rejected: number;
  readonly ignored: number;
  readonly counted: number;
  /** Lines that Redis was killed within two seconds after, before `everysec` owed them to the disk. */
  readonly atRisk: number;
  /** The same total, as a Prometheus shows it that scraped all along. */
  readonly inPrometheus: number;
}

export interface Outcome {
  readonly plan: Plan;
  readonly seconds: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly kills: number;
  readonly sources: readonly SourceOutcome[];
  readonly backwards: readonly string[];
  readonly pages: number;
  /** Jobs that are still in the queue, and payloads without an expiry, at the end. */
  readonly leftJobs: number;
  readonly leftPayloads: number;
  /** What is known of each dead batch; there should be none. */
  readonly dead: readonly string[];
}

const KEYED = ['first', 'second', 'third'];
const UNKEYED = 'without-keys';
const PARALLEL = 4;
/**
 * With `everysec` Redis may keep what it acknowledged in its own memory for two seconds, while a sync of the disk lasts.
 * https://github.com/redis/redis/blob/7.0.15/src/aof.c (flushAppendOnlyFile)
 */
const EVERYSEC_MS = 2000;
const DRAIN_MS = 120_000;

/** Told after each fault how many processes were killed, for a progress bar. */
export type OnProgress = (kills: number) => void;

/** Lets faults happen, drawn by the seed, while senders send; then counts. */
export async function faultRun(plan: Plan, onProgress: OnProgress = () => {}): Promise<Outcome> {
  const names = [...KEYED, UNKEYED];
  const sources = Object.fromEntries(names.map((name) => [name, { format: 'combined' }]));
  const deployment = await Deployment.start(sources, plan.fsync);
  const scraper = new Scraper(deployment.metricsUrl);
  const started = Date.now();
  try {
    const senders = names.map(
      (name) => new Sender(name, deployment.ingestUrl, plan.lines, plan.linesPerBatch, name !== UNKEYED),
    );
    let isOver = false;
    const sending = Promise.all(senders.map((sender) => sender.run(PARALLEL, () => isOver)));
    const faults = await misfortune(plan, deployment, onProgress);
    isOver = true;
    await sending;
    return { ...(await count(deployment, senders)), ...told(plan, started, faults, scraper) };
  } finally {
    await scraper.stop();
    await deployment.stop();
  }
}

/** One fault after the other until enough was killed. @returns how often each happened */
async function misfortune(
  plan: Plan,
  deployment: Deployment,
  onProgress: OnProgress,
): Promise<Map<Fault, number>> {
  const random = randomFrom(plan.seed);
  const happened = new Map<Fault, number>();
  while (killsIn(happened) < plan.kills) {
    await pause(400 + 600 * random());
    const fault = FAULTS[Math.floor(random() * FAULTS.length)]!;
    await fault.happen(deployment, random);
    happened.set(fault, (happened.get(fault) ?? 0) + 1);
    onProgress(killsIn(happened));
  }
  return happened;
}

const killsIn = (happened: ReadonlyMap<Fault, number>): number =>
  [...happened].reduce((sum, [{ kills }, times]) => sum + (kills ? times : 0), 0);

const told = (plan: Plan, started: number, faults: ReadonlyMap<Fault, number>, scraper: Scraper) => ({
  plan,
  seconds: (Date.now() - started) / 1000,
  faults: new Map([...faults].map(([{ name }, times]) => [name, times])),
  kills: killsIn(faults),
  backwards: scraper.backwards,
  pages: scraper.pages,
});

/** Once the queue is empty: what the ledger, Prometheus and Redis itself have. */
async function count(deployment: Deployment, senders: readonly Sender[]) {
  const keys = new Keys();
  const redis = connectPatiently(deployment.redis.url);
  const queue = new Queue(BATCH_QUEUE, { connection: redis, prefix: keys.queuePrefix });
  const left = async (): Promise<number> =>
    Object.values(await queue.getJobCounts()).reduce((sum, jobs) => sum + jobs, 0);
  try {
    await until('the queue is empty', async () => (await left()) === 0, { timeoutMs: DRAIN_MS });
    const counters = await new Ledger(redis, keys, 96).read();
    const total = (source: string, outcome: string): number =>
      counters.get(ledgerField('lines', source, outcome)) ?? 0;
    const sources: SourceOutcome[] = [];
    for (const sender of senders) {
      const { source, sent } = sender;
      const [classified, rejected, ignored] = LINE_OUTCOMES.map((outcome) => total(source, outcome)) as [
        number,
        number,
        number,
      ];
      const counted = classified + rejected + ignored;
      const promql = `sum(max without (instance, pod) (statuslens_lines_total{source="${source}"}))`;
      const inPrometheus = await until(
        `Prometheus shows ${counted} lines of ${source}`,
        async () => ((await deployment.query(promql)) === counted ? counted : undefined),
        { timeoutMs: 20_000 },
      ).catch(() => deployment.query(promql));
      sources.push({
        atRisk: sender.acknowledgedBefore(deployment.redisKills, EVERYSEC_MS),
        source,
        keyed: source !== UNKEYED,
        sent,
        classified,
        rejected,
        ignored,
        counted,
        inPrometheus,
      });
    }
    return {
      sources,
      leftJobs: await left(),
      leftPayloads: await unexpiring(redis, keys),
      dead: await redis.hvals(keys.dead),
    };
  } finally {
    await queue.close();
    redis.disconnect();
  }
}

/** Payloads that will not go away by themselves. */
async function unexpiring(redis: ReturnType<typeof connectPatiently>, keys: Keys): Promise<number> {
  let unexpiring = 0;
  for await (const found of redis.scanStream({ match: keys.payload('*') }))
    for (const key of found as string[]) if ((await redis.pttl(key)) === -1) unexpiring++;
  return unexpiring;
}
