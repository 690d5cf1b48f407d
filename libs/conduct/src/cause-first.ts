import { isFine, type NotedStep } from './step.js';

/** The place of a request of which nothing but the operation is known. */
export const ORDINARY = 3;

/**
 * Of requests that were answered in the same instant, as many are in a log with whole seconds, which comes first: what may
 * be the cause of another before it. A failure, then the login that it leads to, then what was accepted, then the rest,
 * then the question for a job, and closing a session at last.
 */
export function placeOf({ role, verdict, code }: Pick<NotedStep, 'role' | 'verdict' | 'code'>): number {
  if (role === 'reads_job') return 4;
  if (role === 'closes_session') return 5;
  if (!isFine(verdict, code)) return 0;
  if (role === 'opens_session') return 1;
  return verdict === 'accepted' ? 2 : ORDINARY;
}
