import { BEGIN } from '../harness/steps.js';

/** What a request is answered with. */
export interface Answer {
  readonly code: number;
  readonly tookMs: number;
  /** Seconds; undefined if the answer has no such header. */
  readonly retryAfter?: number;
}

const OUTAGE_EVERY_MS = 300_000;
const OUTAGE_BEGINS_MS = 100_000;
const OUTAGE_MS = 25_000;
const TOO_MANY_S = 5;

/** How often a status is answered that is no success: to any request, and to writes only. */
const FAILURES = [
  { code: 429, share: 0.03 },
  { code: 500, share: 0.02 },
  { code: 502, share: 0.01 },
  { code: 504, share: 0.02 },
  { code: 499, share: 0.01 },
] as const;
const OF_WRITES = [
  { code: 400, share: 0.03 },
  { code: 409, share: 0.03 },
] as const;
/** Somebody waited so long before giving up. */
const TOOK_MS: Readonly<Record<number, number>> = { 499: 10_000, 504: 5000 };

/**
 * An API that is busy, fails and times out at random; every five minutes it is down, and tells everybody who asks how many
 * seconds that lasts.
 * @param atMs epoch milliseconds
 */
export function answer(atMs: number, isWrite: boolean, random: () => number): Answer {
  const tookMs = 20 + Math.floor(random() * random() * 500);
  const downFor = OUTAGE_BEGINS_MS + OUTAGE_MS - ((atMs - BEGIN) % OUTAGE_EVERY_MS);
  if (downFor > 0 && downFor <= OUTAGE_MS)
    return { code: 503, tookMs: 5, retryAfter: Math.ceil(downFor / 1000) };
  let chance = random();
  for (const { code, share } of isWrite ? [...FAILURES, ...OF_WRITES] : FAILURES) {
    chance -= share;
    if (chance < 0)
      return { code, tookMs: TOOK_MS[code] ?? tookMs, ...(code === 429 && { retryAfter: TOO_MANY_S }) };
  }
  return { code: isWrite ? 202 : 200, tookMs };
}
