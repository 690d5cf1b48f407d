import * as bytesOf from './ascii.js';
import { ascii, equalsAscii, isDigit } from './ascii.js';
import { byteAt } from './byte-search.js';
import { clientAttempt } from './client-attempt.js';
import { UNREADABLE, scaledDecimal, wholeNumber } from './decimal.js';
import { HashEscapes } from './hash-escape.js';
import { ABSENT, NOT_LOGGED, type Request, type Text } from './request.js';
import { retryAfterSeconds } from './retry-after.js';

const { CLOSE_BRACE, CLOSE_BRACKET, COLON, DASH, DOT, OPEN_BRACE, OPEN_BRACKET } = bytesOf; // V8 folds a module's own constants, not imported ones

const BAR = 0x7c;
const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;
/** Captures that name themselves, as docs/gateways/haproxy.md and evidence.md set them up. */
const REQUEST_BYTES = ascii('request_bytes=');
const ATTEMPT = ascii('attempt=');
const IDEMPOTENCY_KEY = ascii('idempotency_key=');
const LOCATION = ascii('location=');
const PARTIAL_SUCCESS = ascii('partial_success=');
const ERROR_CODE = ascii('error_code=');

/**
 * The captured headers of one HAProxy line: `{host|agent} {5}`. Each group is there if its frontend captures such
 * headers, and neither says which: of a lone group only its content can tell, so it counts as the request's.
 */
export class Captures {
  private readonly starts = new Int32Array(2);
  private readonly ends = new Int32Array(2);
  /** Whether a capture of the group may name itself. */
  private readonly named = new Uint8Array(2);
  private readonly keys = new HashEscapes();
  private readonly locations = new HashEscapes();
  private readonly codes = new HashEscapes();
  private count = 0;

  /** @returns the offset behind the groups that begin here */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.count = 0;
    let at = start;
    while (this.count < 2 && at < end && bytes[at] === OPEN_BRACE) {
      const close = this.closingBrace(bytes, at + 1, end);
      if (close === end) return end;
      this.starts[this.count] = at + 1;
      this.ends[this.count++] = close;
      at = Math.min(close + 2, end);
    }
    return at;
  }

  /** Sets the first request header that looks like a host. */
  toHost(bytes: Uint8Array, host: Text): void {
    if (this.count === 0) return;
    const end = this.ends[0]!;
    for (let at = this.starts[0]!; at <= end;) {
      const stop = byteAt(BAR, bytes, at, end);
      if (isHost(bytes, at, stop)) {
        host.set(bytes, at, stop);
        return;
      }
      at = stop + 1;
    }
  }

  private closingBrace(bytes: Uint8Array, start: number, end: number): number {
    let named = 0;
    let i = start;
    for (; i < end && bytes[i] !== CLOSE_BRACE; i++) if (bytes[i] === EQUALS) named = 1;
    this.named[this.count] = named;
    return i;
  }

  /** What a client may say of itself. */
  readRequest(bytes: Uint8Array, request: Request): void {
    if (this.count === 0 || this.named[0] === 0) return;
    const end = this.ends[0]!;
    for (let at = this.starts[0]!; at <= end;) {
      const stop = byteAt(BAR, bytes, at, end);
      const size = valueOf(REQUEST_BYTES, bytes, at, stop);
      if (size >= 0) request.requestBytes = numberAt(wholeSize, bytes, size, stop);
      const attempt = valueOf(ATTEMPT, bytes, at, stop);
      if (attempt >= 0) request.attempt = numberAt(clientAttempt, bytes, attempt, stop);
      const key = valueOf(IDEMPOTENCY_KEY, bytes, at, stop);
      if (key >= 0) this.setText(bytes, key, stop, request.idempotencyKey, this.keys);
      at = stop + 1;
    }
  }

  /**
   * Retry-After is the last response header that is a number or a date. None is ABSENT if one of the headers is empty,
   * as a missing Retry-After would be; otherwise there is no knowing that it is captured at all.
   */
  readResponse(bytes: Uint8Array, request: Request): void {
    if (this.count < 2) return;
    const end = this.ends[1]!;
    for (let at = this.starts[1]!; at <= end;) {
      const stop = byteAt(BAR, bytes, at, end);
      if (stop === at) {
        if (request.retryAfter === NOT_LOGGED) request.retryAfter = ABSENT;
      } else if (this.named[1] === 0 || !this.readNamed(bytes, at, stop, request)) {
        const seconds = retryAfterSeconds(bytes, at, stop, request.timeMs);
        if (seconds >= 0) request.retryAfter = seconds;
      }
      at = stop + 1;
    }
  }

  /** @returns whether it is something that the storage API said and that names itself */
  private readNamed(bytes: Uint8Array, start: number, end: number, request: Request): boolean {
    const location = valueOf(LOCATION, bytes, start, end);
    if (location >= 0) this.setText(bytes, location, end, request.location, this.locations);
    const members = valueOf(PARTIAL_SUCCESS, bytes, start, end);
    if (members >= 0) request.partialSuccess = numberAt(wholeNumber, bytes, members, end);
    const code = valueOf(ERROR_CODE, bytes, start, end);
    if (code >= 0) this.setText(bytes, code, end, request.errorCode, this.codes);
    return location >= 0 || members >= 0 || code >= 0;
  }

  private setText(bytes: Uint8Array, start: number, end: number, text: Text, escapes: HashEscapes): void {
    if (isNone(bytes, start, end)) text.unset(ABSENT);
    else escapes.toText(bytes, start, end, text);
  }
}

/** Where the value of a capture with this name begins, or -1. */
function valueOf(name: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  const value = start + name.length;
  return value <= end && equalsAscii(bytes, start, value, name) ? value : -1;
}

type NumberReader = (bytes: Uint8Array, start: number, end: number) => number;

const wholeSize: NumberReader = (bytes, start, end) => scaledDecimal(bytes, start, end, 0);

function numberAt(read: NumberReader, bytes: Uint8Array, start: number, end: number): number {
  if (isNone(bytes, start, end)) return ABSENT;
  const value = read(bytes, start, end);
  return value === UNREADABLE ? NOT_LOGGED : value;
}

const isNone = (bytes: Uint8Array, start: number, end: number): boolean =>
  start === end || (end - start === 1 && bytes[start] === DASH);

/** A name with a dot or a port, an IPv4 address, or an IPv6 literal; no user agent, which has a slash. */
function isHost(bytes: Uint8Array, start: number, end: number): boolean {
  let separators = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === DOT || byte === COLON) separators++;
    else if (!isHostByte(byte)) return false;
  }
  return separators > 0 && end - start > separators;
}

function isHostByte(byte: number): boolean {
  const letter = byte | 0x20;
  if ((letter >= 0x61 && letter <= 0x7a) || isDigit(byte) || byte === DASH || byte === UNDERSCORE)
    return true;
  return byte === OPEN_BRACKET || byte === CLOSE_BRACKET;
}
