import { GLANCE_KEPT_MS, sliceOf, vendorFacts, type ConductPolicy } from '#conduct';
import type { Settings } from '#settings';
import { TOLERATED_SKEW_MS } from '#verdict';

const DAY_MS = 86_400_000;

/** What is expected of callers: by the settings, and by the documents of their vendors. */
export const policyOf = ({ conduct, catalogue }: Settings): ConductPolicy => ({
  ...conduct,
  ...vendorFacts(catalogue.files),
});

/** So long after its last word a source may come back and find what was known of its callers. */
export const conductKeptMs = ({ lateAfterMs }: Settings): number => lateAfterMs + DAY_MS;

/** The slices whose glances tell how devices are now. */
export function glancedSlices(now: number): number[] {
  const [first, last] = [sliceOf(now - GLANCE_KEPT_MS), sliceOf(now + TOLERATED_SKEW_MS)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
