import * as bytesOf from './ascii.js';
import { ascii, equalsAscii, isDigit } from './ascii.js';
import { byteAt } from './byte-search.js';
import { UNREADABLE, wholeNumber } from './decimal.js';
import { ABSENT, NOT_LOGGED, type Request, type Text } from './request.js';
import { retryAfterSeconds } from './retry-after.js';

const { CLOSE_BRACE, CLOSE_BRACKET, COLON, DASH, DOT, OPEN_BRACE, OPEN_BRACKET } = bytesOf; // V8 folds a module's own constants, not imported ones

const BAR = 0x7c;
const UNDERSCORE = 0x5f;
/** Captures that name themselves, as docs/gateways/evidence.md sets them up. */
const PARTIAL_SUCCESS = ascii('partial_success=');
const ERROR_CODE = ascii('error_code=');

/**
 * The captured headers of one HAProxy line: `{host|agent} {5}`. Each group is there if its frontend captures such
 * headers, and neither says which: of a lone group only its content can tell, so it counts as the request's.
 */
export class Captures {
  private readonly starts = new Int32Array(2);
  private readonly ends = new Int32Array(2);
  private count = 0;

  /** @returns the offset behind the groups that begin here */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.count = 0;
    let at = start;
    while (this.count < 2 && at < end && bytes[at] === OPEN_BRACE) {
      const close = byteAt(CLOSE_BRACE, bytes, at, end);
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
      } else if (!readEvidence(bytes, at, stop, request)) {
        const seconds = retryAfterSeconds(bytes, at, stop, request.timeMs);
        if (seconds >= 0) request.retryAfter = seconds;
      }
      at = stop + 1;
    }
  }
}

/** @returns whether it is something that the body told, rather than a header */
function readEvidence(bytes: Uint8Array, start: number, end: number, request: Request): boolean {
  if (startsWith(bytes, start, end, PARTIAL_SUCCESS)) {
    request.partialSuccess = countAt(bytes, start + PARTIAL_SUCCESS.length, end);
    return true;
  }
  if (!startsWith(bytes, start, end, ERROR_CODE)) return false;
  const code = start + ERROR_CODE.length;
  if (isNone(bytes, code, end)) request.errorCode.unset(ABSENT);
  else request.errorCode.set(bytes, code, end);
  return true;
}

const startsWith = (bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean =>
  end - start >= name.length && equalsAscii(bytes, start, start + name.length, name);

function countAt(bytes: Uint8Array, start: number, end: number): number {
  if (isNone(bytes, start, end)) return ABSENT;
  const count = wholeNumber(bytes, start, end);
  return count === UNREADABLE ? NOT_LOGGED : count;
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
