import type { Findings } from '../findings.js';
import { ANSWERED_WITHIN_MS, mayFollow } from '../log-times.js';
import type { NotedStep } from '../step.js';
import type { Saved } from '../tracker.js';
import { isSameDevice, type AcceptedRequest } from './accepted-requests.js';
import { Remembered } from './remembered.js';

/** For a job that was not known before. */
export type Question = Readonly<
  Pick<NotedStep, 'vendor' | 'device' | 'resource' | 'code' | 'startMs' | 'endMs'>
>;

/**
 * Questions for jobs of which no request is known. A log that is exact to the second only may have the request after the
 * question: the one that was answered quickly seems to have ended first.
 */
export class EarlyQuestions {
  /** The last one, by caller. */
  private readonly last: Remembered<number, Question>;

  constructor(most: number, saved: readonly Saved[] | undefined) {
    this.last = new Remembered(most, saved);
  }

  add({ caller, vendor, device, resource, code, startMs, endMs }: NotedStep, findings: Findings): void {
    const forgotten = this.last.set(caller, { vendor, device, resource, code, startMs, endMs });
    if (forgotten !== undefined) findings.count('conductSkipped', ['evicted']);
  }

  /** The question that may have been asked after the request was accepted, and be about its job. */
  takeAbout(accepted: AcceptedRequest): Question | undefined {
    const question = this.last.get(accepted.caller);
    if (question === undefined || !mayFollow(accepted, question)) return undefined;
    const isNamed = accepted.location >= 0;
    if (isNamed ? question.resource !== accepted.location : !isSameDevice(accepted, question))
      return undefined;
    this.last.delete(accepted.caller);
    return question;
  }

  settle(untilMs: number): void {
    this.last.takeOver(({ endMs }) => endMs < untilMs - ANSWERED_WITHIN_MS);
  }

  save(): readonly Saved[] {
    return this.last.save();
  }
}
