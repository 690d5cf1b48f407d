/** Counts of integer observations per bucket, for many series at once; not cumulative. */
export class Histogram {
  private readonly counts: Uint32Array;
  private readonly sums: Float64Array;
  private readonly width: number;

  /**
   * @param series how many series there are
   * @param bounds upper bounds of the buckets, in the unit of the observations; one bucket for all above is added
   */
  constructor(
    series: number,
    private readonly bounds: readonly number[],
  ) {
    this.width = bounds.length + 1;
    this.counts = new Uint32Array(series * this.width);
    this.sums = new Float64Array(series);
  }

  observe(series: number, value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++;
    this.counts[series * this.width + bucket]!++;
    this.sums[series]! += value;
  }

  /** Every bucket that was hit: its series, its place and its count. */
  *hits(): Generator<readonly [series: number, bucket: number, count: number]> {
    for (let i = 0; i < this.counts.length; i++)
      if (this.counts[i]! > 0) yield [Math.floor(i / this.width), i % this.width, this.counts[i]!];
  }

  /** Sums of the observations of every series that had any. */
  *totals(): Generator<readonly [series: number, sum: number]> {
    for (let i = 0; i < this.sums.length; i++) if (this.sums[i]! > 0) yield [i, this.sums[i]!];
  }
}
