import { ANSWERED_WITHIN_MS, mayFollow, slackOf } from '../log-times.js';
import type { Step } from '../step.js';

/** A request that may be sent again. */
export type Repeatable = Readonly<{
  operation: number;
  /** Epoch milliseconds. */
  startMs: number;
  endMs: number;
  /** Promised seconds, or negative. */
  retryAfter: number;
  /** As the caller counts, or negative. */
  attempt: number;
  /** Its Idempotency-Key tells the operation. */
  isExact: boolean;
}>;

/** Nobody waits longer for the end of a promised wait. */
const LONGEST_WAIT_S = 86_400;

/** Milliseconds for which the answer asked to wait. */
export const promisedMs = ({ retryAfter }: Repeatable): number =>
  Math.min(Math.max(0, retryAfter), LONGEST_WAIT_S) * 1000;

/** From the end of a request to the start of its repeat, as the log tells. */
export const waitedMs = (first: Repeatable, again: Step): number => Math.max(0, again.startMs - first.endMs);

/** Whether the repeat came before the end of the promised wait, however inexact the log is. */
export const isEarly = (first: Repeatable, again: Step): boolean =>
  waitedMs(first, again) + Math.max(slackOf(first), slackOf(again)) <= promisedMs(first);

/** When it is too late for a repeat to be recognised, epoch milliseconds. */
export const overAt = (first: Repeatable, windowMs: number): number =>
  first.endMs + promisedMs(first) + windowMs + ANSWERED_WITHIN_MS;

/**
 * Whether a step of the same operation is the repeat of a request: it began after that had ended, and within a window
 * after the promised wait. What the caller says of its attempts decides, where it says something; but what has the same
 * Idempotency-Key is a repeat though it is called a first attempt: a proxy repeats headers as they are.
 */
export function isRepeat(first: Repeatable, again: Step, windowMs: number): boolean {
  if (!mayFollow(first, again) || again.endMs > overAt(first, windowMs)) return false;
  if (again.attempt > 1) return again.attempt > first.attempt;
  if (again.attempt === 1 && !first.isExact) return false;
  return waitedMs(first, again) <= promisedMs(first) + windowMs;
}
