import type { Redis } from 'ioredis';
import { SCRAPED_METRICS } from '#metric-names';
import { readClaims, type ClaimBounds, type Keys } from '#redis';
import { family, type Family } from './exposition.js';

/** How far back a repeat of a sender's key is recognised, and what that takes. */
export async function claimFamilies(redis: Redis, keys: Keys, bounds: ClaimBounds): Promise<Family[]> {
  const { claims, bytes, windowMs } = await readClaims(redis, keys, bounds);
  return [
    family(SCRAPED_METRICS.claims, [{ labels: {}, value: claims }]),
    family(SCRAPED_METRICS.claimsBytes, [{ labels: {}, value: bytes }]),
    family(SCRAPED_METRICS.claimsLimit, [{ labels: {}, value: bounds.maxBytes }]),
    family(SCRAPED_METRICS.claimsWindow, [{ labels: {}, value: windowMs / 1000 }]),
    family(SCRAPED_METRICS.claimsTtl, [{ labels: {}, value: bounds.ttlMs / 1000 }]),
  ];
}
