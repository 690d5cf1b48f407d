import type { Disposition } from '../disposition.js';
import type { NotedStep } from '../step.js';
import type { Repeatable } from './repeat.js';

/** A request that was not ok, as long as it may be sent again. */
export type Failure = Repeatable &
  Readonly<{
    vendor: string;
    consumer: string;
    code: number;
    disposition: Disposition;
    /** How many requests the operation has taken, with this one. */
    requests: number;
    caller: number;
    /** The credentials of the caller were refused. */
    isRefused: boolean;
  }>;

/** Every field by its name, for a spread takes longer than all else. @param repeated the failure that the step is a retry of */
export const failureOf = (step: NotedStep, repeated: Failure | undefined): Failure => ({
  operation: step.operation,
  startMs: step.startMs,
  endMs: step.endMs,
  retryAfter: step.retryAfter,
  attempt: step.attempt,
  isExact: step.isExact,
  vendor: step.vendor,
  consumer: step.consumer,
  code: step.code,
  disposition: step.disposition,
  requests: (repeated?.requests ?? 0) + 1,
  caller: step.caller,
  isRefused: step.reason === 'authentication',
});
