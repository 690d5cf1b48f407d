const BITS_OF_LOW = 2 ** 32;
const HIGH_BITS = 0xffff;
const V2 = 0x6c796765;
const V3 = 0x74656462;
const PERCENT = 0x25;

/**
 * A hash of 48 bits of what is added between `begin` and `end`: HalfSipHash-1-3 (https://github.com/veorq/SipHash,
 * https://docs.kernel.org/security/siphash.html), whose first word the lower 32 bits are, and 16 bits of the next.
 *
 * The paths that it hashes are chosen by strangers. Without the key nobody can choose them so that they fall together,
 * and nobody can try out which address a hash stands for. Plain integers of 32 bits, no strings, no allocation.
 */
export class KeyedHash {
  private readonly key0: number;
  private readonly key1: number;
  private v0 = 0;
  private v1 = 0;
  private v2 = 0;
  private v3 = 0;
  private words = 0;

  /** @param key eight bytes; those behind them do not count */
  constructor(key: Uint8Array) {
    if (key.length < 8) throw new RangeError(`a key of ${key.length} bytes: give at least eight`);
    this.key0 = wordAt(key, 0);
    this.key1 = wordAt(key, 4);
  }

  begin(): void {
    this.v0 = this.key0;
    this.v1 = this.key1;
    this.v2 = V2 ^ this.key0;
    this.v3 = V3 ^ this.key1;
    this.words = 0;
  }

  /** @param word its lower 32 bits */
  addWord(word: number): void {
    this.v3 ^= word;
    this.round();
    this.v0 ^= word;
    this.words++;
  }

  /** The length stands before a text, so that no two lists of texts are the same bytes. */
  addText(bytes: Uint8Array, start: number, end: number): void {
    this.addWord(end - start);
    this.addBytes(bytes, start, end, NONE);
  }

  /** @returns false, and nothing is added, if there is a percent sign in the text */
  addUnescaped(bytes: Uint8Array, start: number, end: number): boolean {
    const { v0, v1, v2, v3, words } = this;
    this.addWord(end - start);
    if (this.addBytes(bytes, start, end, PERCENT)) return true;
    this.v0 = v0;
    this.v1 = v1;
    this.v2 = v2;
    this.v3 = v3;
    this.words = words;
    return false;
  }

  end(): number {
    this.addWord(this.words << 26); // the length in bytes, as the highest eight bits
    this.v2 ^= 0xff;
    this.rounds();
    const low = (this.v1 ^ this.v3) >>> 0;
    this.v1 ^= 0xdd;
    this.rounds();
    return low + ((this.v1 ^ this.v3) & HIGH_BITS) * BITS_OF_LOW;
  }

  /** Four bytes at a time, in locals, for this is where the time goes. @returns whether `unwanted` was not among them */
  private addBytes(bytes: Uint8Array, start: number, end: number, unwanted: number): boolean {
    let { v0, v1, v2, v3 } = this;
    for (let at = start; at < end; at += 4) {
      let word = 0;
      if (at + 4 <= end) {
        const b0 = bytes[at]!;
        const b1 = bytes[at + 1]!;
        const b2 = bytes[at + 2]!;
        const b3 = bytes[at + 3]!;
        if (b0 === unwanted || b1 === unwanted || b2 === unwanted || b3 === unwanted) return false;
        word = b0 | (b1 << 8) | (b2 << 16) | (b3 << 24);
      } else {
        for (let i = end - 1; i >= at; i--) {
          if (bytes[i] === unwanted) return false;
          word = (word << 8) | bytes[i]!;
        }
      }
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    this.v0 = v0;
    this.v1 = v1;
    this.v2 = v2;
    this.v3 = v3;
    this.words += (end - start + 3) >>> 2;
    return true;
  }

  private rounds(): void {
    this.round();
    this.round();
    this.round();
  }

  private round(): void {
    let { v0, v1, v2, v3 } = this;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    this.v0 = v0;
    this.v1 = v1;
    this.v2 = v2;
    this.v3 = v3;
  }
}

/** No byte is unwanted. */
const NONE = -1;

const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
