import type { Budget, BurnWindow } from './objectives.js';
import { BUDGET_ERRORS, indent, promDuration, type PromQL } from './promql.js';

/**
 * How many times too fast a budget burns, where it does so in both windows of a pair. Late lines are in the budget, but
 * a fast burn is told only while the source mostly speaks of the present.
 */
export function burning(promql: PromQL, budget: Budget, speed: BurnWindow['speed']): string {
  const { burnWindows } = promql.scope.objectives.slo;
  const allowed = String(allowedShare(promql, budget));
  const pairs = burnWindows.filter((window) => window.speed === speed);
  const burn = `max by (${promql.by('source', 'vendor')}) (
${indent(pairs.map((pair) => bothWindows(pair, budget, allowed)).join('\nor\n'))}
)`;
  return speed === 'fast' ? promql.ofThePresent(burn) : burn;
}

const bothWindows = ({ longMs, shortMs, factor }: BurnWindow, budget: Budget, allowed: string): string =>
  `(
  ${errors(budget, longMs)} / ${allowed} >= ${factor}
  and
  ${errors(budget, shortMs)} / ${allowed} >= ${factor}
)`;

const errors = (budget: Budget, windowMs: number): string =>
  `${BUDGET_ERRORS}:ratio_rate${promDuration(windowMs)}{budget="${budget}"}`;

/** The share of bad requests at which a budget lasts exactly its period. */
export const allowedShare = ({ scope }: PromQL, budget: Budget): number =>
  // without the digits that binary fractions add: 1 - 0.999 is 0.001
  Number((1 - scope.objectives.slo.targets[budget]).toFixed(6));
