import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, LF, OPEN_BRACE, OPEN_BRACKET, QUOTE, isBlank } from './ascii.js';
import { balancedEnd } from './balanced-end.js';
import { type LineReader, type ObjectReader, outcomeIndex } from './format.js';
import { type Framing, LineBreaks, type OnEvent } from './framing.js';
import { COMPLETE, INCOMPLETE } from './json-fields.js';
import { decodeJsonString, jsonStringEnd } from './json-string.js';
import { rejectionOf } from './rejection.js';
import type { Request } from './request.js';

const LINE_TOO_LONG = outcomeIndex('line_too_long');
const MALFORMED_JSON = outcomeIndex('malformed_json');
const TRUNCATED = outcomeIndex('truncated');

/** Nothing can be said before more bytes come. */
const WAIT = -1;

/**
 * One event per JSON object: objects in lines, objects one behind the other, or the items of a list, where texts are
 * events too. Outside of a list a line break ends the object, so that a cut line never swallows its neighbour.
 */
export class ObjectFraming implements Framing {
  private skipping = false;
  private readonly lineBreaks = new LineBreaks();

  /**
   * @param texts reads a text that is an item of the list
   * @param inList whether the body is a JSON list, or an object around one: a line break is then a blank
   */
  constructor(
    private readonly objects: ObjectReader,
    private readonly texts: LineReader,
    private readonly inList: boolean,
    private readonly request: Request,
    private readonly onEvent: OnEvent,
    private readonly maxLineBytes: number,
  ) {}

  take(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    this.lineBreaks.reset();
    let at = start;
    for (;;) {
      at = this.skipping ? this.skipLine(bytes, at, end) : this.skipSeparators(bytes, at, end);
      if (at >= end) return end;
      const next = this.readEvent(bytes, at, end, final);
      if (next === WAIT) return at;
      at = next;
    }
  }

  private skipLine(bytes: Uint8Array, start: number, end: number): number {
    const lineBreak = this.lineBreaks.next(bytes, start, end);
    if (lineBreak < 0) return end;
    this.skipping = false;
    return this.skipSeparators(bytes, lineBreak, end);
  }

  private skipSeparators(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    while (i < end && this.isSeparator(bytes[i]!)) i++;
    return i;
  }

  private isSeparator(byte: number): boolean {
    if (byte === COMMA || isBlank(byte)) return true;
    return this.inList && (byte === OPEN_BRACKET || byte === CLOSE_BRACKET || byte === CLOSE_BRACE);
  }

  /** @returns the offset after the event, or WAIT */
  private readEvent(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    if (bytes[start] === OPEN_BRACE) return this.readObject(bytes, start, end, final);
    if (this.inList && bytes[start] === QUOTE) return this.readText(bytes, start, end, final);
    const stop = this.inList ? itemEnd(bytes, start, end) : this.lineBreaks.next(bytes, start, end);
    return this.reject(MALFORMED_JSON, bytes, start, stop, end, final);
  }

  private readObject(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    const reach = Math.min(end, start + this.maxLineBytes);
    const outcome = this.objects.read(bytes, start, reach, this.request);
    const { object } = this.objects;
    if (object.status === COMPLETE && (this.inList || object.lineBreak < 0)) {
      return this.emit(outcome, bytes, start, object.end);
    }
    const lineBreak = this.inList ? -1 : this.lineBreaks.next(bytes, start, reach);
    return lineBreak < 0
      ? this.readBroken(outcome, bytes, start, end, final)
      : this.readCutLine(bytes, start, lineBreak);
  }

  /** An object that may go on behind the bytes at hand, or is malformed. */
  private readBroken(outcome: number, bytes: Uint8Array, start: number, end: number, final: boolean): number {
    const reach = Math.min(end, start + this.maxLineBytes);
    const stop = this.objects.object.status === INCOMPLETE ? -1 : balancedEnd(bytes, start, reach);
    return this.reject(outcome, bytes, start, stop, end, final);
  }

  /** An object that is not whole before its line break. */
  private readCutLine(bytes: Uint8Array, start: number, lineBreak: number): number {
    const outcome = this.objects.read(bytes, start, lineBreak, this.request);
    const { object } = this.objects;
    if (object.status === COMPLETE) return this.emit(outcome, bytes, start, object.end);
    const stop = object.status === INCOMPLETE ? -1 : balancedEnd(bytes, start, lineBreak);
    return this.emit(outcome, bytes, start, stop < 0 ? lineBreak : stop);
  }

  private readText(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    const reach = Math.min(end, start + this.maxLineBytes);
    const textEnd = jsonStringEnd(bytes, start + 1, reach);
    if (textEnd >= reach) return this.reject(TRUNCATED, bytes, start, -1, end, final);
    if (bytes[textEnd] !== QUOTE) {
      return this.reject(MALFORMED_JSON, bytes, start, itemEnd(bytes, textEnd, end), end, final);
    }
    const line = new Uint8Array(textEnd - start);
    let lineEnd = decodeJsonString(bytes, start + 1, textEnd, line, 0);
    while (lineEnd > 0 && isBlank(line[lineEnd - 1])) lineEnd--;
    if (lineEnd === 0) return textEnd + 1;
    return this.emit(this.texts.read(line, 0, lineEnd, this.request), bytes, start, textEnd + 1);
  }

  /** @param stop where the rejected event ends, or -1 if that is not in sight */
  private reject(
    outcome: number,
    bytes: Uint8Array,
    start: number,
    stop: number,
    end: number,
    final: boolean,
  ): number {
    const limit = start + this.maxLineBytes;
    if (stop >= 0 && stop <= limit) return this.emit(outcome, bytes, start, stop);
    if (end >= limit) {
      this.skipping = true;
      return this.emit(LINE_TOO_LONG, bytes, start, limit);
    }
    return final ? this.emit(outcome, bytes, start, end) : WAIT;
  }

  private emit(outcome: number, bytes: Uint8Array, start: number, end: number): number {
    this.onEvent(rejectionOf(outcome, bytes, start, end), this.request, bytes, start, end);
    return end;
  }
}

/** The end of an item that is neither object nor text: the next comma, bracket or line break; -1 if none came. */
function itemEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start + 1; i < end; i++) {
    const byte = bytes[i];
    if (byte === COMMA || byte === CLOSE_BRACKET || byte === OPEN_BRACE || byte === LF) return i;
  }
  return -1;
}
