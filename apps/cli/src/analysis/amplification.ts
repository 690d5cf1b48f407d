/** How many requests stand for how many operations, epoch milliseconds. */
export interface Amplification {
  /** Requests per operation of the whole log; undefined without requests. */
  readonly overall: number | undefined;
  /** The stretch in which there were most requests per operation. */
  readonly worst: { readonly fromMs: number; readonly requests: number; readonly ratio: number } | undefined;
}

const STRETCH_MS = 300_000;
/** A stretch of fewer requests proves nothing. */
const FEWEST_REQUESTS = 20;

/** Requests per operation, from slices of time in their order. */
export class AmplificationMeter {
  private readonly whole = { requests: 0, retries: 0 };
  private stretch = { fromMs: -Infinity, requests: 0, retries: 0 };
  private worst: Amplification['worst'];

  /** @param timeMs of the slice, not before that of the last call */
  add(timeMs: number, requests: number, retries: number): void {
    const fromMs = Math.floor(timeMs / STRETCH_MS) * STRETCH_MS;
    if (fromMs > this.stretch.fromMs) {
      this.endStretch();
      this.stretch = { fromMs, requests: 0, retries: 0 };
    }
    for (const sums of [this.whole, this.stretch]) {
      sums.requests += requests;
      sums.retries += retries;
    }
  }

  /** To be called once, at the end. */
  result(): Amplification {
    this.endStretch();
    return { overall: ratioOf(this.whole), worst: this.worst };
  }

  private endStretch(): void {
    const { fromMs, requests } = this.stretch;
    const ratio = ratioOf(this.stretch) ?? 0;
    if (requests >= FEWEST_REQUESTS && ratio > (this.worst?.ratio ?? 1))
      this.worst = { fromMs, requests, ratio };
  }
}

/** A slice may hold retries alone, of operations that began before. */
const ratioOf = ({ requests, retries }: { requests: number; retries: number }): number | undefined =>
  requests === 0 ? undefined : requests / Math.max(1, requests - retries);
