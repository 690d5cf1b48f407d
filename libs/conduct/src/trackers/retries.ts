import type { Findings } from '../findings.js';
import { wentWell, type NotedStep, type Step } from '../step.js';
import type { ConductPolicy, SavedLists, Tracker } from '../tracker.js';
import { failureOf, type Failure } from './failure.js';
import { OpenOperations } from './open-operations.js';
import { countChain, outcomeWithoutRetry } from './retry-chains.js';
import { RetryHerd } from './retry-herd.js';
import { countMissingWait, countNeverReturned, countWait } from './retry-waits.js';

/**
 * Follows each request that was not ok to the one that repeats it. A repeat that fails too is the next link of the chain,
 * and what comes after it is judged by its own status.
 */
export class Retries implements Tracker {
  private readonly open: OpenOperations<Failure>;
  private readonly herd: RetryHerd;

  constructor(policy: ConductPolicy, saved: SavedLists | undefined) {
    const [open, herd] = saved ?? [];
    this.open = new OpenOperations(policy, open);
    this.herd = new RetryHerd(herd);
  }

  plain(step: Step, findings: Findings): void {
    const failure = this.open.takeRepeatedBy(step);
    if (failure === undefined) return;
    this.countRetry(failure, step, findings);
    countChain(findings, failure.vendor, 'recovered', failure.requests + 1);
  }

  noted(step: NotedStep, findings: Findings): void {
    if (wentWell(step)) {
      if (step.role === 'opens_session') this.renew(step.caller, findings);
      return this.plain(step, findings);
    }
    const failure = this.open.takeRepeatedBy(step);
    if (failure !== undefined) this.countRetry(failure, step, findings);
    countMissingWait(findings, step);
    this.open.add(failureOf(step, failure), findings);
  }

  settle(untilMs: number, findings: Findings): void {
    for (const failure of this.open.takeOver(untilMs)) this.end(failure, findings);
    this.herd.settle(untilMs, findings);
  }

  save(): SavedLists {
    return [this.open.save(), this.herd.save()];
  }

  private countRetry(failure: Failure, step: Step, findings: Findings): void {
    const { vendor, consumer, caller, code, disposition } = failure;
    findings.count('retries', [vendor, code, disposition]);
    findings.repeats.push({ consumer, caller, disposition });
    findings.count('consumerRetries', [vendor, consumer || 'other', disposition]);
    if (countWait(findings, failure, step) === 'kept') this.herd.add(vendor, step.startMs);
  }

  /** With other credentials the same request is another one. */
  private renew(caller: number, findings: Findings): void {
    for (const failure of this.open)
      if (failure.isRefused && failure.caller === caller) {
        this.open.remove(failure);
        this.end(failure, findings);
      }
  }

  /** Nobody sent it again. */
  private end(failure: Failure, findings: Findings): void {
    countNeverReturned(findings, failure);
    countChain(findings, failure.vendor, outcomeWithoutRetry(failure), failure.requests);
  }
}
