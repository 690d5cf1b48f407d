import type { Request } from '#access-log';
import { SKIP_REASONS, type SkipReason } from '#metric-names';
import type { Consumers, Lens } from '#verdict';

/** What a batch has of a slice of time, as it is kept until the slice is judged. */
export interface Piece {
  readonly slice: number;
  /** How many requests it stands for. */
  readonly requests: number;
  readonly steps: Uint8Array;
}

/**
 * Writes down of each request what its caller can be followed by: seven to nine bytes of one that went well, some 60 of
 * any other. The bytes hold their own words (vendors, devices, consumers), so that whoever judges them may have another
 * catalogue.
 */
export class StepWriter {
  readonly skipped: Readonly<Record<SkipReason, number>> = Object.fromEntries(
    SKIP_REASONS.map((reason) => [reason, 0]),
  ) as Record<SkipReason, number>;

  /** @param receivedAt epoch milliseconds: nothing can have ended much later */
  constructor(
    readonly lens: Lens,
    readonly consumers: Consumers,
    readonly receivedAt: number,
  ) {}

  /** @param cell the judgement, a cell of the catalogue */
  add(cell: number, request: Request): void {
    void [cell, request];
    throw new Error('not there yet');
  }

  /** The pieces, the oldest slice first. */
  pieces(): Piece[] {
    throw new Error('not there yet');
  }
}
