// @ts-check
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 20_000;
const POLL_MS = 10;

/**
 * @param {() => boolean | Promise<boolean>} condition
 * @param {string} what what is waited for
 */
export async function until(condition, what) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`In vain waited for: ${what}.`);
    await pause(POLL_MS);
  }
}
