import { settledSlice } from '#conduct';
import type { WaitingConduct, WaitingSlice } from '#ledger';

/** So much is judged before it is committed, and other sources and batches get their turn. */
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/** Where memory is short, a slice is judged so long after its end, without waiting for what comes late. */
const HASTE_MS = 10_000;

/** A stretch of time that can be judged. */
export interface Stretch {
  /** Slices with something in them, the oldest first. */
  readonly slices: readonly WaitingSlice[];
  /** The newest slice of the stretch; there may be nothing in it. */
  readonly until: number;
  /** Whether more waits behind it that can be judged. */
  readonly isMore: boolean;
}

/** When a slice is judged. */
export interface Patience {
  readonly lateAfterMs: number;
  /** Epoch milliseconds at which the oldest batch of the queue was queued: what it has may be as old. */
  readonly oldestQueued: number | undefined;
  /** Beyond so many bytes nothing more can wait. */
  readonly maxBytes: number;
}

/**
 * What of a source can be judged now: the slices that are older than late_after, and while more than half of the memory is
 * taken, the oldest of those that have ended. Time stands still while batches wait: so an outage makes nothing late.
 * @returns undefined if there is nothing to judge, and nothing that was remembered can be over
 */
export function dueStretch(
  { now, judged, bytes, slices }: WaitingConduct,
  { lateAfterMs, oldestQueued = now, maxBytes }: Patience,
): Stretch | undefined {
  const time = Math.min(now, oldestQueued);
  const settled = settledSlice(time, lateAfterMs);
  const ended = settledSlice(time, HASTE_MS);
  const due: WaitingSlice[] = [];
  let taken = 0;
  for (const one of slices) {
    const isDue = one.slice <= settled || (one.slice <= ended && bytes - taken > maxBytes / 2);
    if (!isDue || (taken > 0 && taken + one.bytes > BYTES_AT_ONCE)) break;
    taken += one.bytes;
    due.push(one);
  }
  const next = slices[due.length];
  const isMore = next !== undefined && next.slice <= settled;
  const last = due.at(-1)?.slice ?? judged;
  const until = isMore ? last : Math.max(last, settled);
  const hasBegun = judged >= 0 || due.length > 0;
  return hasBegun && until > judged ? { slices: due, until, isMore } : undefined;
}
