import { isBlank } from './ascii.js';
import { type LineReader, outcomeIndex } from './format.js';
import { type Framing, type OnEvent, findLineBreak } from './framing.js';
import { rejectionOf } from './rejection.js';
import type { Request } from './request.js';

const LINE_TOO_LONG = outcomeIndex('line_too_long');

/** One event per line. */
export class LineFraming implements Framing {
  private skipping = false;

  constructor(
    private readonly reader: LineReader,
    private readonly request: Request,
    private readonly onEvent: OnEvent,
    private readonly maxLineBytes: number,
  ) {}

  take(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    let at = start;
    while (at < end) {
      const lineBreak = findLineBreak(bytes, at, end);
      const lineEnd = lineBreak < 0 ? end : lineBreak;
      if (!this.skipping) {
        if (lineEnd - at > this.maxLineBytes) this.reject(bytes, at);
        else if (lineBreak >= 0 || final) this.readLine(bytes, at, lineEnd);
        else return at;
      }
      if (lineBreak < 0) return end;
      this.skipping = false;
      at = lineBreak + 1;
    }
    return at;
  }

  private reject(bytes: Uint8Array, start: number): void {
    this.skipping = true;
    this.onEvent(LINE_TOO_LONG, this.request, bytes, start, start + this.maxLineBytes);
  }

  private readLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    let end = lineEnd;
    while (end > start && isBlank(bytes[end - 1])) end--;
    if (end === start) return;
    const outcome = this.reader.read(bytes, start, end, this.request);
    this.onEvent(rejectionOf(outcome, bytes, start, end), this.request, bytes, start, end);
  }
}
