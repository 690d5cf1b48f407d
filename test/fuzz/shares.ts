import type { Target } from './target.js';

/** How many inputs each target gets of so many in all: as its share says, and never none. */
export function inputsOf(targets: readonly Target[], inputs: number): Map<Target, number> {
  const all = targets.reduce((sum, { share }) => sum + share, 0);
  return new Map(targets.map((target) => [target, Math.ceil((inputs * target.share) / all)]));
}
