import type { Findings } from '../findings.js';
import { ANSWERED_WITHIN_MS, slackOf } from '../log-times.js';
import type { NotedStep, Step } from '../step.js';
import type { ConductPolicy, Saved } from '../tracker.js';
import { Remembered } from './remembered.js';

type Times = Readonly<Pick<Step, 'startMs' | 'endMs'>>;

/** How fast each caller asks for each job. */
export class Polls {
  /** The last question, by job and caller. */
  private readonly last: Remembered<string, Times>;

  constructor(
    private readonly policy: ConductPolicy,
    saved: readonly Saved[] | undefined,
  ) {
    this.last = new Remembered(policy.maxOperations, saved);
  }

  add(step: NotedStep, findings: Findings): void {
    const { resource, caller, vendor, startMs, endMs } = step;
    const key = `${resource}/${caller}`;
    const last = this.last.get(key);
    if (last !== undefined && isFaster(last, step, this.policy.pollIntervalMs))
      findings.count('jobFastPolls', [vendor]);
    if (this.last.set(key, { startMs, endMs }) !== undefined) findings.count('conductSkipped', ['evicted']);
  }

  settle(untilMs: number): void {
    const over = untilMs - this.policy.pollIntervalMs - ANSWERED_WITHIN_MS;
    this.last.takeOver(({ endMs }) => endMs < over);
  }

  save(): readonly Saved[] {
    return this.last.save();
  }
}

/**
 * Whether two questions certainly were closer than the interval. Times in whole seconds that differ by 1 may be nearly two
 * seconds apart; those that are equal are less than one apart.
 */
function isFaster(last: Times, next: Times, intervalMs: number): boolean {
  const apart = Math.abs(next.startMs - last.startMs);
  const slack = Math.max(slackOf(last), slackOf(next));
  return apart + slack <= intervalMs;
}
