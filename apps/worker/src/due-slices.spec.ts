import type { WaitingConduct } from '#ledger';
import { dueStretch, type Patience } from './due-slices.js';

const MIB = 1024 ** 2;
const NOW = 1_000_005_000; // the middle of slice 100,000
const SETTLED = 99_969;
const PATIENT: Patience = { lateAfterMs: 300_000, oldestQueued: undefined, maxBytes: 32 * MIB };

/** Slices of one piece each, and what was judged before. */
const waiting = (judged: number, ...slices: [slice: number, bytes: number][]): WaitingConduct => ({
  now: NOW,
  judged,
  bytes: slices.reduce((sum, [, bytes]) => sum + bytes, 0),
  slices: slices.map(([slice, bytes]) => ({ slice, bytes, requests: 1, pieces: 1 })),
});
const due = (seen: WaitingConduct, patience: Partial<Patience> = {}) => {
  const stretch = dueStretch(seen, { ...PATIENT, ...patience });
  return stretch && [stretch.slices.map(({ slice }) => slice), stretch.until, stretch.isMore];
};

describe('of the slices that wait', () => {
  it('those are due that ended late_after ago, and the time up to there', () => {
    expect(due(waiting(SETTLED - 5, [SETTLED - 3, 1], [SETTLED - 1, 1], [SETTLED + 1, 1]))).toEqual([
      [SETTLED - 3, SETTLED - 1],
      SETTLED,
      false,
    ]);
  });

  it('none is due before anything has come, or again', () => {
    expect(due(waiting(-1))).toBeUndefined();
    expect(due(waiting(-1, [SETTLED + 1, 1]))).toBeUndefined();
    expect(due(waiting(SETTLED, [SETTLED + 1, 1]))).toBeUndefined();
  });

  it('silence is due as well: what was waited for in it did not come', () => {
    expect(due(waiting(SETTLED - 1))).toEqual([[], SETTLED, false]);
  });

  it('none is due that a batch in the queue may belong to', () => {
    const seen = waiting(SETTLED - 40, [SETTLED - 30, 1], [SETTLED - 10, 1]);
    expect(due(seen, { oldestQueued: NOW - 200_000 })).toEqual([[SETTLED - 30], SETTLED - 20, false]);
    expect(due(seen, { oldestQueued: NOW + 5000 })?.[1]).toBe(SETTLED); // by a clock that is ahead
  });

  it('so many are due as are not too much at once', () => {
    const seen = waiting(1, [2, 3 * MIB], [3, MIB], [4, MIB], [5, 9 * MIB], [6, 1]);
    expect(due(seen, { maxBytes: 64 * MIB })).toEqual([[2, 3], 3, true]);
    expect(due(waiting(4, [5, 9 * MIB], [6, 1]))).toEqual([[5], 5, true]);
  });

  it('where memory is short, the oldest are due as soon as they have ended', () => {
    const seen = waiting(SETTLED, [SETTLED + 1, 3 * MIB], [SETTLED + 2, 3 * MIB], [99_999, 12 * MIB]);
    expect(due(seen)).toEqual([[SETTLED + 1], SETTLED + 1, false]);
    const all = waiting(SETTLED, [99_998, 1], [99_999, 12 * MIB], [100_000, 12 * MIB]);
    expect(due(all)).toEqual([[99_998], 99_998, false]);
  });
});
