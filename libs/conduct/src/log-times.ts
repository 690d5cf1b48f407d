import type { Step } from './step.js';

/** What follows something is recognised if it is answered this long after its time: somebody must be told some day. */
export const ANSWERED_WITHIN_MS = 120_000;

/** A log without milliseconds: each time may be up to a second later than it says. */
const WHOLE_SECONDS_MS = 1000;
/** A log with them: gateways look at the clock once a turn, and round times and durations apart. */
const MILLISECONDS_MS = 10;

type Times = Pick<Step, 'startMs' | 'endMs'>;

/**
 * How inexact the times of a step are, in milliseconds. A log without milliseconds shows whole seconds at the start or at
 * the end, depending on which of them it has the time of; one with milliseconds seldom does.
 */
export const slackOf = ({ startMs, endMs }: Times): number =>
  startMs % 1000 === 0 || endMs % 1000 === 0 ? WHOLE_SECONDS_MS : MILLISECONDS_MS;

/** Whether a request may have begun after another one had ended, however inexact the log is. */
export const mayFollow = (first: Times, next: Times): boolean =>
  next.startMs + Math.max(slackOf(first), slackOf(next)) > first.endMs;
