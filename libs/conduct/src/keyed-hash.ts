import type { Text } from '#access-log';

const BITS_OF_LOW = 2 ** 32;
const HIGH_BITS = 0xffff;
const V2 = 0x6c796765;
const V3 = 0x74656462;
const PERCENT_SIGNS = 0x25252525;
const WORD_BYTES = 4;

/** So much is gathered before it is hashed: that is done in one loop, for this is where the time goes. */
const MOST_WORDS = 512;
/** A longer text is hashed part by part. */
const MOST_BYTES_AT_ONCE = 1024;

/** Stands where no text does; no length of one. */
const NO_TEXT = -1;

const NO_BYTES = new Uint8Array(0);

/** Where a hash stands after something was added. */
export interface Beginning {
  readonly v0: number;
  readonly v1: number;
  readonly v2: number;
  readonly v3: number;
  readonly words: number;
}

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
  /** Words that are hashed already. */
  private words = 0;
  /** Words that are not. */
  private readonly gathered = new Int32Array(MOST_WORDS);
  private count = 0;
  private viewed: Uint8Array = NO_BYTES;
  private view: DataView = new DataView(NO_BYTES.buffer);

  /** @param key eight bytes; those behind them do not count */
  constructor(key: Uint8Array) {
    if (key.length < 8) throw new RangeError(`a key of ${key.length} bytes: give at least eight`);
    this.key0 = short(key, 0, 4);
    this.key1 = short(key, 4, 8);
  }

  begin(): void {
    this.v0 = this.key0;
    this.v1 = this.key1;
    this.v2 = V2 ^ this.key0;
    this.v3 = V3 ^ this.key1;
    this.words = 0;
    this.count = 0;
  }

  /** What was added up to now: the beginning of many hashes need not be hashed each time. */
  beginning(): Beginning {
    this.absorb();
    const { v0, v1, v2, v3, words } = this;
    return { v0, v1, v2, v3, words };
  }

  /** Begins as if what was added then were added again. */
  beginWith({ v0, v1, v2, v3, words }: Beginning): void {
    this.v0 = v0;
    this.v1 = v1;
    this.v2 = v2;
    this.v3 = v3;
    this.words = words;
    this.count = 0;
  }

  /** @param word its lower 32 bits */
  addWord(word: number): void {
    if (this.count === MOST_WORDS) this.absorb();
    this.gathered[this.count++] = word;
  }

  addHash(hash: number): void {
    this.addWord(hash);
    this.addWord(hash / BITS_OF_LOW);
  }

  /** A text of a request, or that it has none. */
  addLogged(text: Text): void {
    if (text.present) this.addText(text.bytes, text.start, text.end);
    else this.addWord(NO_TEXT);
  }

  /** The length stands before a text, so that no two lists of texts are the same words. */
  addText(bytes: Uint8Array, start: number, end: number): void {
    this.addWord(end - start);
    let at = start;
    for (; end - at > MOST_BYTES_AT_ONCE; at += MOST_BYTES_AT_ONCE)
      this.gather(bytes, at, at + MOST_BYTES_AT_ONCE);
    this.gather(bytes, at, end);
  }

  /** @returns false, and nothing is added, if there is a percent sign in the text, or if it is too long to tell */
  addUnescaped(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > MOST_BYTES_AT_ONCE) return false;
    if (this.count + 1 + MOST_BYTES_AT_ONCE / WORD_BYTES > MOST_WORDS) this.absorb();
    const before = this.count;
    this.gathered[this.count++] = end - start;
    if (!this.gather(bytes, start, end)) return true;
    this.count = before;
    return false;
  }

  /** What was added stays: a hash may be taken of it, and another one of it and more. */
  end(): number {
    this.absorb();
    let { v0, v1, v2, v3 } = this;
    let word = this.words << 26; // the length in bytes, as the highest eight bits
    let low = 0;
    // one round for the length, three for either half
    for (let round = 0; ; round++) {
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
      word = 0;
      if (round === 0) v2 ^= 0xff;
      else if (round === 3) {
        low = (v1 ^ v3) >>> 0;
        v1 ^= 0xdd;
      } else if (round === 6) return low + ((v1 ^ v3) & HIGH_BITS) * BITS_OF_LOW;
    }
  }

  /** Hashes what was gathered. */
  private absorb(): void {
    const { gathered, count } = this;
    let { v0, v1, v2, v3 } = this;
    for (let i = 0; i < count; i++) {
      const word = gathered[i]!;
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
    this.words += count;
    this.count = 0;
  }

  /**
   * Four bytes at a time; the last four may be some of those before them, too: the length before the text tells.
   * @returns whether there is a percent sign among them
   */
  private gather(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.viewed !== bytes) this.look(bytes);
    if (this.count + MOST_BYTES_AT_ONCE / WORD_BYTES > MOST_WORDS) this.absorb();
    const { view, gathered } = this;
    const last = end - WORD_BYTES;
    let { count } = this;
    let found = 0;
    let word = last >= start ? view.getInt32(last, true) : short(bytes, start, end);
    let at = start;
    for (;;) {
      const zeros = word ^ PERCENT_SIGNS; // https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
      found |= (zeros - 0x01010101) & ~zeros & 0x80808080;
      gathered[count++] = word;
      if (at >= last) break;
      word = view.getInt32(at, true);
      at += WORD_BYTES;
    }
    this.count = count;
    return found !== 0;
  }

  /** The texts of a batch lie in few buffers. */
  private look(bytes: Uint8Array): void {
    this.viewed = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** Up to four bytes, the first the lowest. */
function short(bytes: Uint8Array, start: number, end: number): number {
  let word = 0;
  for (let at = end - 1; at >= start; at--) word = (word << 8) | bytes[at]!;
  return word;
}
