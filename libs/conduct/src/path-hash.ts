import type { KeyedHash } from './keyed-hash.js';
import { isVolatile } from './volatile-parameters.js';

const PERCENT = 0x25;
const SLASH = 0x2f;
const QUERY = 0x3f;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const LOWER_A = 0x61;
const LOWER_F = 0x66;
const TO_UPPER = 0x20;
/** No length of a text: the last parameter was before it. */
const END_OF_QUERY = -1;

/**
 * Adds paths to a hash so that those that ask for the same add the same: without one trailing slash and without
 * parameters that never come twice, and with percent-encodings in capitals (RFC 3986, section 6.2.2.1). The other
 * parameters stay in their order.
 */
export class PathHash {
  private capitals = new Uint8Array(256);

  constructor(private readonly hash: KeyedHash) {}

  /** @param pathEnd where the path ends without its query and one trailing slash; @param end where the query does */
  add(bytes: Uint8Array, start: number, pathEnd: number, end: number): void {
    this.text(bytes, start, pathEnd);
    let at = pathEnd;
    if (at < end && bytes[at] === SLASH) at++;
    if (at < end && bytes[at] === QUERY) this.query(bytes, at + 1, end);
    this.hash.addWord(END_OF_QUERY);
  }

  private query(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end;) {
      let nameEnd = -1;
      let stop = at;
      for (; stop < end && bytes[stop] !== AMPERSAND; stop++)
        if (bytes[stop] === EQUALS && nameEnd < 0) nameEnd = stop;
      if (stop > at && !isVolatile(bytes, at, nameEnd < 0 ? stop : nameEnd)) this.text(bytes, at, stop);
      at = stop + 1;
    }
  }

  private text(bytes: Uint8Array, start: number, end: number): void {
    if (!this.hash.addUnescaped(bytes, start, end)) this.escaped(bytes, start, end);
  }

  private escaped(bytes: Uint8Array, start: number, end: number): void {
    if (this.capitals.length < end - start) this.capitals = new Uint8Array(2 * (end - start));
    const { capitals } = this;
    let sincePercent = 3;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      sincePercent = byte === PERCENT ? 0 : sincePercent + 1;
      const isLowerHex = sincePercent <= 2 && byte >= LOWER_A && byte <= LOWER_F;
      capitals[at - start] = isLowerHex ? byte - TO_UPPER : byte;
    }
    this.hash.addText(capitals, 0, end - start);
  }
}
