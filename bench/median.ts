/** The middle one; of an even number, the upper of the two in the middle. */
export const median = (values: readonly number[]): number => percentile(values, 50);

/** The smallest value that so many percent of all do not exceed (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!;
}
