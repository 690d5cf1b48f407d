import { setTimeout as pause } from 'node:timers/promises';
import { Deployment } from './deployment.js';
import { FAULTS, type Fault } from './faults.js';
import { randomFrom, shuffledForever } from '../harness/random.js';
import { killsIn, sumOfLines, type Outcome, type Plan } from './outcome.js';
import { reckon } from './reckoning.js';
import { Scraper } from './scraper.js';
import { Sender } from './sender.js';

/** How far a run has come. */
export interface Progress {
  readonly kills: number;
  readonly lines: number;
  /** What is going wrong just now. */
  readonly doing: string;
}

const SOURCES_WITH_KEYS = ['first', 'second', 'third'];
const SOURCE_WITHOUT_KEYS = 'without-keys';
const PARALLEL = 4;

/** Lets faults happen, drawn by the seed, while senders send; then counts. */
export async function faultRun(
  plan: Plan,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Outcome> {
  const names = [...SOURCES_WITH_KEYS, SOURCE_WITHOUT_KEYS];
  const sources = Object.fromEntries(names.map((name) => [name, { format: 'combined' }]));
  const deployment = await Deployment.start(sources, plan.fsync);
  const scraper = new Scraper(deployment.metricsUrl);
  const started = Date.now();
  try {
    const senders = names.map(
      (name) =>
        new Sender(name, deployment.ingestUrl, plan.lines, plan.linesPerBatch, name !== SOURCE_WITHOUT_KEYS),
    );
    let isOver = false;
    const sending = Promise.all(senders.map((sender) => sender.run(PARALLEL, () => isOver)));
    const progress = (faults: readonly Fault[], doing: string): void =>
      onProgress({ kills: killsIn(faults), lines: linesOf(senders), doing });
    const faults = await misfortune(plan, deployment, progress);
    isOver = true;
    progress(faults, 'the rest is sent and counted');
    await sending;
    return {
      ...(await reckon(deployment, senders, scraper)),
      plan,
      seconds: (Date.now() - started) / 1000,
      faults,
      redisEnds: deployment.redis.ends,
      longestSync: deployment.redis.longestSync,
      backwards: scraper.backwards,
      pages: scraper.pages,
    };
  } finally {
    await scraper.stop();
    await deployment.stop();
  }
}

const linesOf = (senders: readonly Sender[]): number =>
  sumOfLines(senders.flatMap(({ sent }) => sent.acknowledged));

/** One fault after the other until enough was killed. */
async function misfortune(
  plan: Plan,
  deployment: Deployment,
  progress: (faults: readonly Fault[], doing: string) => void,
): Promise<Fault[]> {
  const random = randomFrom(plan.seed);
  const happened: Fault[] = [];
  for (const fault of shuffledForever(FAULTS, random)) {
    await pause(400 + 600 * random());
    progress(happened, fault.name);
    await fault.happen(deployment, random);
    happened.push(fault);
    if (killsIn(happened) === plan.kills) break;
  }
  return happened;
}
