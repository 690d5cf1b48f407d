import { FIRST_REJECTION, NO_STATUS, OUTCOMES, lineSample, type Rejection } from '#access-log';
import type { Catalogue } from '#catalogue';
import type { Counts } from '#verdict';

/** What was counted, as plain data that threads can send to one another. */
export interface CountedVerdicts {
  /** Requests by cell of the catalogue. */
  readonly cells: Float64Array;
  readonly ignored: number;
  /** Rejected lines by outcome, an index of OUTCOMES. */
  readonly rejected: Float64Array;
  /** The first line of each outcome that was rejected, without its secrets, and in which piece of the logs it stands. */
  readonly samples: ReadonlyMap<number, Sample>;
}

interface Sample {
  readonly piece: number;
  readonly text: string;
}

/** Counts requests by their judgement, and the lines that are none. Counts of parts of a log can be added up. */
export class VerdictCounts implements Counts {
  readonly isOfVerdicts = true;
  /** The number of the piece whose lines come next: of several first lines, that of the lowest is the first. */
  piece = 0;
  private ignored = 0;
  private readonly counted: Float64Array;
  private readonly rejected = new Float64Array(OUTCOMES.length);
  private readonly samples = new Map<number, Sample>();

  constructor(readonly catalogue: Catalogue) {
    this.counted = new Float64Array(catalogue.cellCount);
  }

  classify(cell: number): void {
    this.counted[cell]!++;
  }

  ignore(): void {
    this.ignored++;
  }

  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    if (outcome === NO_STATUS) this.ignored++;
    else if (this.rejected[outcome]!++ === 0)
      this.samples.set(outcome, { piece: this.piece, text: lineSample(bytes, start, end) });
  }

  add({ cells, ignored, rejected, samples }: CountedVerdicts): void {
    cells.forEach((count, cell) => (this.counted[cell]! += count));
    this.ignored += ignored;
    rejected.forEach((count, outcome) => (this.rejected[outcome]! += count));
    for (const [outcome, sample] of samples)
      if (sample.piece < (this.samples.get(outcome)?.piece ?? Infinity)) this.samples.set(outcome, sample);
  }

  result(): CountedVerdicts {
    const { counted: cells, ignored, rejected, samples } = this;
    return { cells, ignored, rejected, samples };
  }

  get lines(): { readonly classified: number; readonly rejected: number; readonly ignored: number } {
    return { classified: sum(this.counted), rejected: sum(this.rejected), ignored: this.ignored };
  }

  /** Cells that were hit and how often, in their order. */
  *cells(): Generator<readonly [cell: number, count: number]> {
    for (const [cell, count] of this.counted.entries()) if (count > 0) yield [cell, count];
  }

  /** Reasons for which lines were rejected, how many and the beginning of the first of them, without its secrets. */
  *rejections(): Generator<{ readonly reason: Rejection; readonly count: number; readonly sample: string }> {
    for (let i = FIRST_REJECTION; i < OUTCOMES.length; i++)
      if (this.rejected[i]! > 0)
        yield {
          reason: OUTCOMES[i] as Rejection,
          count: this.rejected[i]!,
          sample: this.samples.get(i)?.text ?? '',
        };
  }
}

const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
