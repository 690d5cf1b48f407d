import { ABSENT } from '#access-log';
import type { WAIT_OUTCOMES } from '#metric-names';
import type { Findings } from '../findings.js';
import type { NotedStep, Step } from '../step.js';
import type { Failure } from './failure.js';
import { isEarly, promisedMs, waitedMs } from './repeat.js';

type WaitOutcome = (typeof WAIT_OUTCOMES)[number];

/** Of an answer without a Retry-After though its document promises one. A log that does not have the field tells nothing. */
export function countMissingWait(findings: Findings, step: NotedStep): void {
  if (step.disposition === 'wait_first' && step.retryAfter === ABSENT)
    findings.count('retryAfterMissing', [step.vendor, step.code]);
}

/** Of a retry. @returns what it made of the promised wait; undefined if none was promised, or one of 0 seconds */
export function countWait(findings: Findings, failure: Failure, retry: Step): WaitOutcome | undefined {
  const promised = promisedMs(failure);
  if (promised === 0) return undefined;
  const outcome = isEarly(failure, retry) ? 'early' : 'kept';
  findings.count('retryWaits', [failure.vendor, failure.code, outcome]);
  const ratio = Math.round((waitedMs(failure, retry) * 1000) / promised);
  findings.observe('retryWaitRatio', [failure.vendor], ratio);
  return outcome;
}

/** Of a failure that nobody repeated: how long the caller would have waited is not known. */
export function countNeverReturned(findings: Findings, failure: Failure): void {
  if (promisedMs(failure) > 0) findings.count('retryWaits', [failure.vendor, failure.code, 'never_returned']);
}
