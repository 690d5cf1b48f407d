import * as bytesOf from './ascii.js';
import { wordEnd } from './byte-search.js';

const { QUOTE, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

/** Steps over the fields of a line: words, and texts in quotes that a space follows. */
export class SpacedFields {
  /** The field that was stepped over last, without its quotes. */
  start = 0;
  end = 0;
  /** Whether the field ends before the line does; the last quoted text of a line is whole, too. */
  isWhole = false;

  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private stop = 0;

  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.stop = end;
  }

  next(): void {
    const { bytes, at, stop } = this;
    if (at < stop && bytes[at] === QUOTE) this.nextQuoted(at + 1);
    else {
      this.start = at;
      this.end = wordEnd(bytes, at, stop);
      this.isWhole = this.end < stop;
      this.at = Math.min(this.end + 1, stop);
    }
  }

  skip(fields: number): void {
    for (let i = 0; i < fields; i++) this.next();
  }

  private nextQuoted(start: number): void {
    const { bytes, stop } = this;
    let i = start;
    while (i < stop && !(bytes[i] === QUOTE && (i + 1 === stop || bytes[i + 1] === SPACE))) i++;
    this.start = start;
    this.end = i;
    this.isWhole = i < stop;
    this.at = Math.min(i + 2, stop);
  }
}
