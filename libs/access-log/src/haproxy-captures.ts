import * as bytesOf from './ascii.js';
import { isDigit } from './ascii.js';
import { byteAt } from './byte-search.js';
import { ABSENT, NOT_LOGGED, type Text } from './request.js';
import { retryAfterSeconds } from './retry-after.js';

const { CLOSE_BRACE, CLOSE_BRACKET, COLON, DASH, DOT, OPEN_BRACE, OPEN_BRACKET } = bytesOf; // V8 folds a module's own constants, not imported ones

const BAR = 0x7c;
const UNDERSCORE = 0x5f;

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
   * The last response header that is a number or a date. None is ABSENT if one of the headers is empty, as a missing
   * Retry-After would be; otherwise there is no knowing that it is captured at all.
   */
  retryAfter(bytes: Uint8Array, timeMs: number): number {
    if (this.count < 2) return NOT_LOGGED;
    let seconds = NOT_LOGGED;
    const end = this.ends[1]!;
    for (let at = this.starts[1]!; at <= end;) {
      const stop = byteAt(BAR, bytes, at, end);
      const value = stop === at ? ABSENT : retryAfterSeconds(bytes, at, stop, timeMs);
      if (value >= 0 || (stop === at && seconds === NOT_LOGGED)) seconds = value;
      at = stop + 1;
    }
    return seconds;
  }
}

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
