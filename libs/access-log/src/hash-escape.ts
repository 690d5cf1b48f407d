import { byteAt } from './byte-search.js';
import { hexDigit } from './json-string.js';
import type { Text } from './request.js';

const HASH = 0x23;

/** Texts of HAProxy, which writes `#22` for a quote and `#23` for the hash itself. One text per line may be escaped. */
export class HashEscapes {
  private scratch = new Uint8Array(1024);

  /** Points the text at the bytes, or at their decoded copy, which is valid until the next call. */
  toText(bytes: Uint8Array, start: number, end: number, text: Text): void {
    if (byteAt(HASH, bytes, start, end) === end) {
      text.set(bytes, start, end);
      return;
    }
    if (this.scratch.length < end - start) this.scratch = new Uint8Array(2 * (end - start));
    text.set(this.scratch, 0, this.decode(bytes, start, end));
  }

  private decode(bytes: Uint8Array, start: number, end: number): number {
    let to = 0;
    for (let i = start; i < end; i++) {
      const value = bytes[i] === HASH && i + 2 < end ? hexByte(bytes, i + 1) : -1;
      this.scratch[to++] = value < 0 ? bytes[i]! : value;
      if (value >= 0) i += 2;
    }
    return to;
  }
}

function hexByte(bytes: Uint8Array, at: number): number {
  const high = hexDigit(bytes[at]!);
  const low = hexDigit(bytes[at + 1]!);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}
