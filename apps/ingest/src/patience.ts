import { setTimeout as pause } from 'node:timers/promises';
import { REFUSALS, Refused } from './refusal.js';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2000;

/**
 * Tries what is refused for a reason that passes until it is not: for protocols that cannot say "later".
 * @param signal gives up
 * @throws whatever is not transient, and the transient refusal if the signal aborts
 */
export async function patiently<T>(signal: AbortSignal, attempt: () => T | Promise<T>): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || signal.aborted) throw error;
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  }
}

/** Whether the same may be stored a little later. */
export const isTransient = (error: unknown): boolean =>
  error instanceof Refused && REFUSALS[error.refusal].status === 503;
