/** A request costs at least as much as so many bytes, since storing it costs more than its bytes. */
const LEAST_COST = 1024;

/**
 * A token bucket in bytes. Whoever has anything left may send, however large the body: what it takes beyond is owed.
 * So a body larger than the burst passes, and in the long run no more passes than the rate.
 */
export class ByteRate {
  private left: number;
  private at: number;

  constructor(
    private readonly rate: { readonly bytesPerSecond: number; readonly burst: number },
    now: number,
  ) {
    this.left = rate.burst;
    this.at = now;
  }

  /** @param now milliseconds of a clock that does not go back */
  mayTake(now: number): boolean {
    const { bytesPerSecond, burst } = this.rate;
    this.left = Math.min(burst, this.left + ((now - this.at) / 1000) * bytesPerSecond);
    this.at = now;
    return this.left > 0;
  }

  take(bytes: number): void {
    this.left -= Math.max(bytes, LEAST_COST);
  }
}
