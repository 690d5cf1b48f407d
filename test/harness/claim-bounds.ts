import type { ClaimBounds } from '#redis';

/** The defaults of `claims`. */
export const CLAIM_BOUNDS: ClaimBounds = { ttlMs: 96 * 3_600_000, maxBytes: 1024 ** 3 };
