const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Each is a multiple of the one before, so that stretches can be joined. */
const WIDTHS = [
  10_000,
  30_000,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  28 * DAY,
  364 * DAY,
];
/** Stretches that hold anything, 100 bytes each. */
const MOST_STRETCHES = 4096;
/** What lies so sparsely at the ends, and makes the whole so many times as long, comes from a wrong clock. */
const STRAY_SHARE = 0.001;
const FAR = 20;

/** Counts over time, in stretches of one width. */
export interface Bars {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly widthMs: number;
  /** One for each stretch, empty ones too; in the order of the columns. */
  readonly bars: readonly (readonly number[])[];
  /** What lies so far away from all else that it was left out. */
  readonly strays: number;
}

/** Counts of several kinds over time. Nobody has to know beforehand how much time: stretches grow with it. */
export class Timeline {
  private level = 0;
  private stretches = new Map<number, Float64Array>();

  /** @param columns how many kinds there are */
  constructor(
    private readonly columns: number,
    private readonly most = MOST_STRETCHES,
  ) {}

  /** @param timeMs epoch milliseconds */
  add(timeMs: number, column: number, amount = 1): void {
    const counts = this.stretches.get(this.stretchOf(timeMs)) ?? this.begin(timeMs);
    counts[column]! += amount;
  }

  /** @param most so many bars at most @returns undefined if nothing was counted */
  bars(most: number): Bars | undefined {
    const { first, last, strays } = this.extent();
    if (last < first) return undefined;
    const width = WIDTHS[this.level]!;
    const wide = WIDTHS.findIndex((w) => w >= width && (last - first + 1) * width <= (most - 1) * w);
    const widthMs = WIDTHS.at(wide)!;
    const start = Math.floor((first * width) / widthMs);
    const end = Math.floor((last * width) / widthMs);
    const bars = Array.from({ length: end - start + 1 }, () => new Array<number>(this.columns).fill(0));
    for (const [stretch, counts] of this.stretches)
      if (stretch >= first && stretch <= last)
        counts.forEach((count, i) => (bars[Math.floor((stretch * width) / widthMs) - start]![i]! += count));
    return { startMs: start * widthMs, widthMs, bars, strays };
  }

  /** From the first stretch to the last, without the few that would make all others too small to see. */
  private extent(): { first: number; last: number; strays: number } {
    const all = [...this.stretches]
      .map(([at, counts]) => ({ at, size: sum(counts) }))
      .sort((a, b) => a.at - b.at);
    const tolerated = STRAY_SHARE * all.reduce((total, { size }) => total + size, 0);
    const [head, tail] = [heldBy(all, tolerated), heldBy([...all].reverse(), tolerated)];
    const [first, last] = [all[0]?.at ?? 0, all.at(-1)?.at ?? -1];
    const [nearFirst, nearLast] = [all[head.stretches]?.at ?? first, all.at(-1 - tail.stretches)?.at ?? last];
    const isFar = nearLast >= nearFirst && last - first > FAR * (nearLast - nearFirst + 1);
    return isFar
      ? { first: nearFirst, last: nearLast, strays: head.size + tail.size }
      : { first, last, strays: 0 };
  }

  private stretchOf(timeMs: number): number {
    return Math.floor(timeMs / WIDTHS[this.level]!);
  }

  private begin(timeMs: number): Float64Array {
    while (this.stretches.size >= this.most && this.level < WIDTHS.length - 1) this.widen();
    const stretch = this.stretchOf(timeMs);
    const counts = this.stretches.get(stretch) ?? new Float64Array(this.columns);
    this.stretches.set(stretch, counts);
    return counts;
  }

  private widen(): void {
    const ratio = WIDTHS[this.level + 1]! / WIDTHS[this.level]!;
    this.level++;
    const wider = new Map<number, Float64Array>();
    for (const [stretch, counts] of this.stretches) {
      const joined = wider.get(Math.floor(stretch / ratio));
      if (joined) counts.forEach((count, i) => (joined[i]! += count));
      else wider.set(Math.floor(stretch / ratio), counts);
    }
    this.stretches = wider;
  }
}

const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);

/** How many of the first stretches hold no more than that together. */
function heldBy(all: readonly { size: number }[], tolerated: number): { stretches: number; size: number } {
  let [stretches, size] = [0, 0];
  while (stretches < all.length && size + all[stretches]!.size <= tolerated) size += all[stretches++]!.size;
  return { stretches, size };
}
