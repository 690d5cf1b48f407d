import { SourceReader, type Lens, type Lines, type Reading, type Writing } from '#verdict';
import { Review, type SeenTimes } from '../analysis/review.js';
import type { Span } from '../hours.js';
import { VerdictCounts, type CountedVerdicts } from './verdict-counts.js';

/** How lines are read and judged, and of which time they count. */
export interface Counting {
  readonly reading: Reading;
  /** What `ignore.hasAddress` of the reading looks for. */
  readonly ignoredAddresses: readonly string[];
  readonly maxLineBytes: number;
  readonly span: Partial<Span>;
}

/** What was counted of a part of a log, as plain data that threads can send to one another. */
export interface CountedLog {
  readonly verdicts: CountedVerdicts;
  readonly times: SeenTimes;
}

/** Counts what can be told of each line by itself, so that parts of a log can be counted apart and added up. */
export class LogCounts {
  readonly verdicts: VerdictCounts;
  readonly review: Review;

  constructor(
    private readonly lens: Lens,
    private readonly counting: Counting,
  ) {
    this.verdicts = new VerdictCounts(lens.catalogue);
    this.review = new Review([this.verdicts], [], undefined, counting.span);
  }

  /** @param writing of lines that do not stand at the beginning of their file */
  begin(writing?: Writing): Lines {
    const { reading, maxLineBytes } = this.counting;
    return new SourceReader(this.lens, { ...reading, ...writing }).begin(this.review.newFile(), maxLineBytes);
  }

  add({ verdicts, times }: CountedLog): void {
    this.verdicts.add(verdicts);
    this.review.add(times);
  }

  result(): CountedLog {
    return { verdicts: this.verdicts.result(), times: this.review.times() };
  }
}
