import type { Request } from '#access-log';
import type { Counts } from '#verdict';
import type { Span } from '../hours.js';

/** Looks at a request that was judged. */
export type Look = (cell: number, request: Request) => void;

/** What was seen of the times of requests. */
export interface SeenTimes {
  readonly outside: number;
  readonly untimed: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** The requests of a span of time, for everybody who looks at them. */
export class Review implements SeenTimes {
  /** Requests before or after the span. */
  outside = 0;
  /** Requests of which the log tells no time; they are of no span. */
  untimed = 0;
  /** Epoch milliseconds of the first and the last request; Infinity and -Infinity without any. */
  firstMs = Infinity;
  lastMs = -Infinity;
  private readonly files: ReviewedFile[] = [];
  private readonly since: number;
  private readonly until: number;
  private readonly isBounded: boolean;

  /**
   * @param counters count what the looks see, and lines that are no requests
   * @param silence looks at requests that ended without a status, which count as ignored
   */
  constructor(
    private readonly counters: readonly Counts[],
    private readonly looks: readonly Look[],
    private readonly silence: Look | undefined,
    { since, until }: Partial<Span>,
  ) {
    this.since = since ?? 0;
    this.until = until ?? Infinity;
    this.isBounded = since !== undefined || until !== undefined;
  }

  /** To be called for each file. */
  newFile(): ReviewedFile {
    const { counters, looks, silence } = this;
    const isOfVerdicts = counters.every((counts) => counts.isOfVerdicts) && looks.length === 0 && !silence;
    const file = new ReviewedFile(this, counters, isOfVerdicts);
    this.files.push(file);
    return file;
  }

  /** Until when all files have been read, by the times of their lines. */
  get reachedMs(): number {
    return this.files.reduce((least, file) => Math.min(least, file.reachedMs), Infinity);
  }

  /** Adds what was seen of other parts of the same files. */
  add({ outside, untimed, firstMs, lastMs }: SeenTimes): void {
    this.outside += outside;
    this.untimed += untimed;
    this.firstMs = Math.min(this.firstMs, firstMs);
    this.lastMs = Math.max(this.lastMs, lastMs);
  }

  times(): SeenTimes {
    const { outside, untimed, firstMs, lastMs } = this;
    return { outside, untimed, firstMs, lastMs };
  }

  take(cell: number, request: Request): void {
    const { timeMs } = request;
    if (timeMs < 0) {
      this.untimed++;
      if (this.isBounded) return;
    } else {
      if (timeMs < this.since || timeMs >= this.until) {
        this.outside++;
        return;
      }
      if (timeMs < this.firstMs) this.firstMs = timeMs;
      if (timeMs > this.lastMs) this.lastMs = timeMs;
    }
    for (const counts of this.counters) counts.classify(cell, request);
    for (const look of this.looks) look(cell, request);
  }

  takeUnanswered(cell: number, request: Request): void {
    const { timeMs } = request;
    if (timeMs < 0 ? !this.isBounded : timeMs >= this.since && timeMs < this.until)
      this.silence?.(cell, request);
  }
}

/** One of the files, and how far it has been read. */
class ReviewedFile implements Counts {
  /** The oldest time of the last piece: one line with a wrong time does not move it far. Infinity at the end. */
  reachedMs = -Infinity;
  private oldest = Infinity;

  constructor(
    private readonly review: Review,
    private readonly counters: readonly Counts[],
    readonly isOfVerdicts: boolean,
  ) {}

  classify(cell: number, request: Request): void {
    if (request.timeMs >= 0 && request.timeMs < this.oldest) this.oldest = request.timeMs;
    this.review.take(cell, request);
  }

  unanswered(cell: number, request: Request): void {
    this.review.takeUnanswered(cell, request);
  }

  ignore(): void {
    for (const counts of this.counters) counts.ignore();
  }

  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    for (const counts of this.counters) counts.pass(outcome, bytes, start, end);
  }

  /** To be called after each piece of the file. */
  endPiece(): void {
    if (this.oldest < Infinity) this.reachedMs = this.oldest;
    this.oldest = Infinity;
  }

  endFile(): void {
    this.reachedMs = Infinity;
  }
}
