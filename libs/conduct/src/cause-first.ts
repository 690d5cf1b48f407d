import { isFine, type NotedStep } from './step.js';

/** Of a request that went well of which nothing is noted. */
export const PLAIN_RANK = 4;
/** The same, if its caller says that it was sent for the first time. */
export const FIRST_ATTEMPT_RANK = 5;

/**
 * The order of requests that ended at the same time, of which a log of whole seconds has many: what may be the cause of
 * another comes before it. A failure, then the login that it leads to, then what was accepted, then the rest, then the
 * question for a job, and closing a session at last. So a retry within the second comes after what it repeats.
 */
export function rankOf({ role, verdict, code }: Pick<NotedStep, 'role' | 'verdict' | 'code'>): number {
  if (role === 'reads_job') return 6;
  if (role === 'closes_session') return 7;
  if (!isFine(verdict, code)) return 0;
  if (role === 'opens_session') return 1;
  return verdict === 'accepted' ? 2 : 3;
}
