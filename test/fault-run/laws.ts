import { killsIn, sumOfLines, type Outcome, type SourceOutcome } from './outcome.js';
import type { Acknowledged } from './sender.js';
import type { RedisEnd } from './watched-redis.js';

/**
 * What a run promises; a sentence for each promise that was not kept.
 *
 * `always`: nothing that was acknowledged is lost. `everysec`: nothing but what was acknowledged after the last write, or
 * the last sync where power was lost, before one of Redis' ends; and that is {@link longestLoss} at most, or as much for
 * each end if power is lost before the Redis after a SIGKILL has synced.
 */
export function broken(outcome: Outcome): string[] {
  const { plan, faults, backwards, resets, leftJobs, leftPayloads, dead } = outcome;
  const problems = outcome.sources.flatMap((source) =>
    [...ofLoss(source, outcome), ...ofTotals(source, outcome)].map(
      (problem) => `${source.source}: ${problem}`,
    ),
  );
  if (killsIn(faults) < plan.kills) problems.push(`only ${killsIn(faults)} kills happened`);
  if (backwards.length > 0) problems.push(`counters went backwards: ${backwards.slice(0, 3).join('; ')}`);
  if (resets !== 0) problems.push(`Prometheus saw ${resets} resets of counters`);
  if (leftJobs + leftPayloads > 0)
    problems.push(`${leftJobs} jobs and ${leftPayloads} payloads are left in Redis`);
  problems.push(...dead.map((batch) => `a batch is dead: ${batch}`));
  return problems;
}

/** Lines that were counted twice, whether their sender was told of the first time or not. */
export const doubled = ({ counted, acknowledged, lost }: SourceOutcome): number =>
  counted - (acknowledged - sumOfLines(lost));

/** Milliseconds that Redis served between the oldest acknowledgement that was lost and the end that took it; 0 if none was. */
export const oldestLoss = (lost: readonly Acknowledged[], ends: readonly RedisEnd[]): number =>
  Math.max(0, ...lost.map(({ at }) => servedBefore(at, takenBy(at, ends), ends)));

/** Milliseconds that a sync may take while `everysec` loses no more than two seconds. */
export const PROMPT_SYNC = 450;

/**
 * With `everysec` Redis begins a sync a second after the one before, or when that one has ended, and looks ten times a
 * second; while one lasts it may keep what it would write, for two seconds.
 * https://github.com/redis/redis/blob/7.0.15/src/aof.c (flushAppendOnlyFile)
 * @param longestSync milliseconds @returns milliseconds
 */
const longestLoss = (longestSync: number): number => 1100 + 2 * Math.max(PROMPT_SYNC, longestSync);

/** The end of the Redis that gave an acknowledgement, and those after it; a sender may hear of it until the next one is there. */
const endsAfter = (at: number, ends: readonly RedisEnd[]): readonly RedisEnd[] => {
  const first = ends.findIndex(({ backAt }) => at <= backAt);
  return first < 0 ? [] : ends.slice(first);
};

/**
 * The first end that may have taken what was acknowledged then; undefined if all of them owe it. What SIGKILL left in the
 * file is not synced by that: until the next Redis syncs it, a loss of power still takes it.
 */
const takenBy = (at: number, ends: readonly RedisEnd[]): RedisEnd | undefined =>
  endsAfter(at, ends).find(({ keptUntil }) => at > keptUntil);

/** Milliseconds from an acknowledgement to an end, without those in which there was no Redis, or it was stopped. */
function servedBefore(at: number, end: RedisEnd | undefined, ends: readonly RedisEnd[]): number {
  if (end === undefined) return Infinity;
  const between = endsAfter(at, ends).slice(0, endsAfter(at, ends).indexOf(end));
  const gone = between.map(({ at: endedAt, backAt }) => backAt - endedAt);
  const stopped = [...between, end].flatMap(({ pauses }) =>
    pauses.map(({ from, until }) => Math.max(0, until - Math.max(from, at))),
  );
  return [...gone, ...stopped].reduce((served, ms) => served - ms, end.at - at);
}

/** What was acknowledged, and not safe when Redis ended so, as far as Redis knew. */
export const acknowledgedAfter = ({ sources, redisEnds }: Outcome, end: RedisEnd): Acknowledged[] =>
  sources.flatMap(({ sent }) => sent.acknowledged).filter(({ at }) => takenBy(at, redisEnds) === end);

/** What was acknowledged, and lost when Redis ended so. */
export const lostBy = ({ sources, redisEnds }: Outcome, end: RedisEnd): Acknowledged[] =>
  sources.flatMap(({ lost }) => lost).filter(({ at }) => takenBy(at, redisEnds) === end);

function ofLoss({ lost }: SourceOutcome, outcome: Outcome): string[] {
  const { plan, redisEnds, longestSync } = outcome;
  if (plan.fsync === 'always') {
    return lost.length > 0 ? [`${sumOfLines(lost)} acknowledged lines are lost`] : [];
  }
  const unowed = lost.filter(({ at }) => takenBy(at, redisEnds) === undefined);
  const most = longestLoss(longestSync);
  const tooOld = lost.some(({ at }) => {
    const end = takenBy(at, redisEnds);
    const ends = endsAfter(at, redisEnds).indexOf(end!) + 1;
    return end !== undefined && servedBefore(at, end, redisEnds) > ends * most;
  });
  return [
    ...(unowed.length > 0 ? [`${sumOfLines(unowed)} lines are lost that Redis had written or synced`] : []),
    ...(tooOld ? [`lines are lost that were acknowledged more than ${most} ms before`] : []),
  ];
}

function ofTotals(source: SourceOutcome, { plan }: Outcome): string[] {
  const { keyed, sent, acknowledged, counted, shown, inPrometheus, unbalanced } = source;
  const twice = doubled(source);
  const most = acknowledged + sent.inDoubt;
  return [
    ...(twice < 0 ? [`${-twice} lines are missing of batches that were counted`] : []),
    ...(twice > (keyed ? 0 : sent.inDoubt) ? [`${twice} lines are counted twice`] : []),
    ...(unbalanced === 0 ? [] : [`accepted − committed − duplicate − dead = ${unbalanced} batches`]),
    ...(inPrometheus === shown ? [] : [`Prometheus shows ${inPrometheus} lines, /metrics ${shown}`]),
    ...(shown < counted || shown > (plan.fsync === 'always' ? counted : most)
      ? [`/metrics shows ${shown} lines, the ledger has ${counted}`]
      : []),
  ];
}
