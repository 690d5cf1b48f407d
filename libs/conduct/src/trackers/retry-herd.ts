import type { Findings } from '../findings.js';
import type { Saved } from '../tracker.js';

const WINDOW_MS = 300_000;
/** A herd may come across the turn of a second, so a second is any four quarters of one. */
const QUARTER_MS = 250;
/** Of fewer retries a share of the busiest second says nothing. */
const FEWEST_RETRIES = 20;

/** How many retries came in a quarter of a second, by its number. */
type Quarters = Map<number, number>;

/**
 * Whether callers that kept a promised wait come back all at once: the share of them, of five minutes of the time of the
 * log, that came in the busiest second. 0 while there were fewer than 20.
 */
export class RetryHerd {
  private readonly vendors: Map<string, Quarters>;

  /** @param saved what {@link save} returned */
  constructor(saved: readonly Saved[] | undefined) {
    const vendors = (saved ?? []) as [vendor: string, quarters: [number, number][]][];
    this.vendors = new Map(vendors.map(([vendor, quarters]) => [vendor, new Map(quarters)]));
  }

  add(vendor: string, atMs: number): void {
    const quarters = this.vendors.get(vendor) ?? new Map<number, number>();
    this.vendors.set(vendor, quarters);
    const quarter = Math.floor(atMs / QUARTER_MS);
    quarters.set(quarter, (quarters.get(quarter) ?? 0) + 1);
  }

  settle(untilMs: number, findings: Findings): void {
    for (const [vendor, quarters] of this.vendors) {
      for (const quarter of quarters.keys())
        if (quarter * QUARTER_MS < untilMs - WINDOW_MS) quarters.delete(quarter);
      findings.set('retryHerd', [vendor], Math.round(shareOfBusiestSecond(quarters) * 1000));
      if (quarters.size === 0) this.vendors.delete(vendor);
    }
  }

  save(): readonly Saved[] {
    return [...this.vendors]
      .map(([vendor, quarters]) => [vendor, [...quarters].sort(([a], [b]) => a - b)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function shareOfBusiestSecond(quarters: Quarters): number {
  const retriesIn = (quarter: number): number => quarters.get(quarter) ?? 0;
  let all = 0;
  let most = 0;
  for (const [quarter, retries] of quarters) {
    all += retries;
    const second = [0, 1, 2, 3].reduce((sum, i) => sum + retriesIn(quarter + i), 0);
    most = Math.max(most, second);
  }
  return all < FEWEST_RETRIES ? 0 : most / all;
}
