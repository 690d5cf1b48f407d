import type { Request } from './request.js';

/**
 * Called for each event.
 * @param outcome an index of OUTCOMES
 * @param request what was read; it and its texts are valid until the callback returns
 * @param bytes the event as it came is `bytes[start, end)`
 */
export type OnEvent = (
  outcome: number,
  request: Request,
  bytes: Uint8Array,
  start: number,
  end: number,
) => void;

/** Finds the events in a piece of a body. */
export interface Framing {
  /**
   * Reads the events of `bytes[start, end)` that are whole.
   * @param final whether the body ends here: then nothing is left over
   * @returns the offset of the first event that is not whole; it comes again with more bytes behind it
   */
  take(bytes: Uint8Array, start: number, end: number, final: boolean): number;
}

/** Where the next line break is, or -1. */
export function findLineBreak(bytes: Uint8Array, start: number, end: number): number {
  const at = bytes.indexOf(0x0a, start);
  return at >= 0 && at < end ? at : -1;
}

/** Finds line breaks in one piece; remembers the last one, so that many questions do not scan a long piece again. */
export class LineBreaks {
  private from = 0;
  private at = -1;

  reset(): void {
    this.from = 0;
    this.at = -1;
  }

  /** The first line break in `bytes[start, end)`, or -1. */
  next(bytes: Uint8Array, start: number, end: number): number {
    if (start < this.from || start > this.at) {
      const found = bytes.indexOf(0x0a, start);
      this.from = start;
      this.at = found < 0 ? bytes.length : found;
    }
    return this.at < end ? this.at : -1;
  }
}
