import type { Budget, BurnWindow } from './objectives.js';
import { BURNS, burnedBy, indent, promDuration, type PromQL } from './promql.js';
import { MINIMUM_FAILURES } from './share.js';

/** How many times too fast a budget burns, where it does so in both windows of a pair and not by a few failures. */
export function burning(promql: PromQL, budget: Budget, speed: BurnWindow['speed']): string {
  const { burnWindows } = promql.scope.objectives.slo;
  const pairs = burnWindows.filter((window) => window.speed === speed);
  return `max by (${promql.by('source', 'vendor')}) (
${indent(pairs.map((pair) => bothWindows(promql, budget, pair)).join('\nor\n'))}
)`;
}

function bothWindows(promql: PromQL, budget: Budget, pair: BurnWindow): string {
  const { speed, longMs, shortMs, factor } = pair;
  const { requests, errors } = BURNS[speed];
  const allowed = allowedShare(promql, budget);
  const burn = (windowMs: number): string =>
    `${errors}:ratio_rate${promDuration(windowMs)}{budget="${budget}"} / ${allowed} >= ${factor}`;
  return `(
  ${burn(longMs)}
  and
  ${burn(shortMs)}
  and on (${promql.by('source', 'vendor')})
  ${promql.requestsWithin(requests, longMs, burnedBy(budget))} >= ${MINIMUM_FAILURES}
)`;
}

/** The share of bad requests at which a budget lasts exactly its period. */
export const allowedShare = ({ scope }: PromQL, budget: Budget): number =>
  // without the digits that binary fractions add: 1 - 0.999 is 0.001
  Number((1 - scope.objectives.slo.targets[budget]).toFixed(6));
