/** Time is judged in slices: what ended in the same one is judged together. Milliseconds. */
export const SLICE_MS = 10_000;

/** @param ms epoch milliseconds @returns the number of the slice */
export const sliceOf = (ms: number): number => Math.floor(ms / SLICE_MS);

/** The first epoch millisecond after a slice. */
export const endOfSlice = (slice: number): number => (slice + 1) * SLICE_MS;

/** The newest slice whose lines should all be there. @param now and lateAfterMs in milliseconds */
export const settledSlice = (now: number, lateAfterMs: number): number => sliceOf(now - lateAfterMs) - 1;
