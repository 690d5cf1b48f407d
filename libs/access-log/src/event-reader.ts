import { CLOSE_BRACKET, LF, OPEN_BRACE, OPEN_BRACKET, QUOTE, isBlank } from './ascii.js';
import { WrappedLines, WrappedObjects } from './envelope.js';
import type { FieldMappings, Format } from './format.js';
import type { Framing, OnEvent } from './framing.js';
import { LineFraming } from './line-framing.js';
import { ObjectFraming } from './object-framing.js';
import { Request } from './request.js';

export interface EventLimits {
  /** A longer line, or object, is rejected. */
  readonly maxLineBytes: number;
}
export const DEFAULT_LIMITS: EventLimits = { maxLineBytes: 64 * 1024 };

/** How a body is written: lines of text, JSON objects of a line each, or one JSON list. Its first bytes show it. */
export type BodyShape = 'lines' | 'objects' | 'list';

/** So much of the next piece is joined to a line that was cut, at first. */
const USUAL_LINE_BYTES = 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads the events of one body, whose bytes come in pieces of any size. Whatever the pieces, the events are the same,
 * and each comes with the piece that has its line break; what is kept between them is at most one line.
 */
export class EventReader {
  /** Undefined until enough bytes have come. */
  shape: BodyShape | undefined;
  private framing: Framing | undefined;
  private readonly request = new Request();
  private rest: Uint8Array = new Uint8Array(0);
  /** So many bytes must be at hand before another look, so that crumbs do not cost the square of a line. */
  private worthALook = 1;

  /** @param shape of the body, if the bytes that come are not those of its beginning */
  constructor(
    private readonly format: Format,
    private readonly fields: FieldMappings,
    private readonly onEvent: OnEvent,
    private readonly limits: EventLimits = DEFAULT_LIMITS,
    shape?: BodyShape,
  ) {
    if (shape) this.framing = this.framingOf(shape);
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    while (this.rest.length > 0 && from < chunk.length) from = this.pushBehindRest(chunk, from);
    if (from < chunk.length) this.keep(chunk, this.take(chunk, from, chunk.length, false), chunk.length);
  }

  end(): void {
    this.take(this.rest, 0, this.rest.length, true);
    this.rest = new Uint8Array(0);
  }

  /** Completes the event that was cut with a part of the chunk, twice as much each time; returns what was used. */
  private pushBehindRest(chunk: Uint8Array, from: number): number {
    const known = this.rest.length;
    const used = Math.min(chunk.length, from + Math.max(known, USUAL_LINE_BYTES));
    const joined = Buffer.concat([this.rest, chunk.subarray(from, used)]);
    if (joined.length < this.worthALook && used === chunk.length && !this.endsEvent(joined, known)) {
      this.rest = joined;
      return used;
    }
    const taken = this.take(joined, 0, joined.length, false);
    if (taken >= known) {
      this.rest = new Uint8Array(0);
      return from + taken - known;
    }
    this.keep(joined, taken, joined.length);
    return used;
  }

  /** Outside of a list a line break ends what was begun, so that looking at it is never in vain. */
  private endsEvent(bytes: Uint8Array, from: number): boolean {
    return this.shape !== undefined && this.shape !== 'list' && bytes.indexOf(LF, from) >= 0;
  }

  /** Copies, since the memory of a chunk is its sender's. */
  private keep(bytes: Uint8Array, start: number, end: number): void {
    this.rest = new Uint8Array(bytes.subarray(start, end));
    this.worthALook = Math.min(2 * this.rest.length, this.limits.maxLineBytes + 1);
  }

  private take(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    if (this.framing) return this.framing.take(bytes, start, end, final);
    const mark = skipBlanksAndMarks(bytes, start, end);
    if (mark === end || (!final && isHalfMark(bytes, mark, end))) return mark;
    const list = recordsIn(bytes, mark, end);
    if (list === OPEN && !final && end - mark <= this.limits.maxLineBytes) return mark;
    const first = list === NONE || list === OPEN ? mark : list;
    const shape = this.shapeOf(bytes, first, end, final);
    if (shape === undefined) return first;
    this.framing = this.framingOf(shape);
    return this.framing.take(bytes, first, end, final);
  }

  /** The shape of a body shows in its first bytes; undefined if they are not there yet. */
  private shapeOf(bytes: Uint8Array, first: number, end: number, final: boolean): BodyShape | undefined {
    const isList = bytes[first] === OPEN_BRACKET;
    if (this.format.kind === 'json') return isList ? 'list' : 'objects';
    if (!isList) return bytes[first] === OPEN_BRACE ? 'objects' : 'lines';
    const inside = skipBlanks(bytes, first + 1, end);
    const isOpen = inside === end && !final && end - first <= this.limits.maxLineBytes;
    if (isOpen) return undefined;
    return isListStart(bytes[inside]) ? 'list' : 'lines';
  }

  private framingOf(shape: BodyShape): Framing {
    this.shape = shape;
    return shape === 'lines' ? this.lineFraming() : this.objectFraming(shape === 'list');
  }

  private lineFraming(): Framing {
    const reader = this.format.reader(this.fields);
    return new LineFraming(reader, this.request, this.onEvent, this.limits.maxLineBytes);
  }

  private objectFraming(inList: boolean): Framing {
    const { format, fields, request, onEvent } = this;
    const isJson = format.kind === 'json';
    const objects = isJson ? new WrappedObjects(format.reader(fields)) : undefined;
    const texts = objects ?? format.reader(fields);
    return new ObjectFraming(
      objects ?? new WrappedLines(texts),
      texts,
      inList,
      request,
      onEvent,
      this.limits.maxLineBytes,
    );
  }
}

function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && isBlank(bytes[i])) i++;
  return i;
}

function skipBlanksAndMarks(bytes: Uint8Array, start: number, end: number): number {
  let i = skipBlanks(bytes, start, end);
  while (markLength(bytes, i, end) === 3) i = skipBlanks(bytes, i + 3, end);
  return i;
}

const isHalfMark = (bytes: Uint8Array, start: number, end: number): boolean =>
  markLength(bytes, start, end) === end - start;

/** So many bytes of a byte order mark are here. */
function markLength(bytes: Uint8Array, start: number, end: number): number {
  let matched = 0;
  while (matched < 3 && start + matched < end && bytes[start + matched] === BYTE_ORDER_MARK[matched])
    matched++;
  return matched;
}

const NONE = -1;
/** It is one as far as it is here. */
const OPEN = -2;
/** What the Kafka REST proxy is sent: `{"records":[…]}`. */
const RECORDS = ['{', '"records"', ':', '['].map((token) => Buffer.from(token));

/** Where the list begins in an object that is nothing but the list of its records; NONE or OPEN if there is none. */
function recordsIn(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (const token of RECORDS) {
    at = skipBlanks(bytes, at, end);
    for (const byte of token) {
      if (at === end) return OPEN;
      if (bytes[at++] !== byte) return NONE;
    }
  }
  return at - 1;
}

/** What follows the bracket of a JSON list; lines of text may begin with a bracket too (Envoy's time). */
const isListStart = (byte: number | undefined): boolean =>
  byte === OPEN_BRACE || byte === QUOTE || byte === CLOSE_BRACKET;
