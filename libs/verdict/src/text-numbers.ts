/** A text that has no number: it is too long, or there are too many. */
export const NO_NUMBER = -1;

const FIRST_WORDS = 256;
/** Slots for each number there may be, so that a text is found at the first look. */
const SPACE = 4;
/** A stranger who makes texts fall together gains that some have no number, not that each is looked for among all. */
const MOST_PROBES = 16;

const WORD_BYTES = 4;
/** 2^32 divided by the golden ratio: https://en.wikipedia.org/wiki/Hash_function#Fibonacci_hashing */
const GOLDEN = 0x9e3779b1;

const NO_BYTES = new Uint8Array(0);

/**
 * Numbers texts from 0 up in the order in which they are first seen, without making strings of them. It takes less to
 * find a text here than to hash it well, so what is known of few texts is kept in arrays by their numbers.
 *
 * Memory is bounded: what is numbered has a bounded length, and there are boundedly many.
 */
export class TextNumbers {
  /** How many texts have a number. */
  count = 0;
  /** Numbers plus one; 0 is free. */
  private readonly slots: Uint16Array;
  private readonly shift: number;
  /** Of each number: kind, length, the last four bytes of the text, and those before them, four at a time. */
  private words = new Int32Array(FIRST_WORDS);
  private wordsEnd = 0;
  private readonly firstWord: Uint32Array;
  private viewed: Uint8Array = NO_BYTES;
  private view: DataView = new DataView(NO_BYTES.buffer);

  /**
   * @param most how many texts are numbered, a power of two up to 2^14
   * @param mostBytes how long they may be
   */
  constructor(
    private readonly most: number,
    private readonly mostBytes: number,
  ) {
    this.slots = new Uint16Array(SPACE * most);
    this.shift = 32 - Math.log2(this.slots.length);
    this.firstWord = new Uint32Array(most);
  }

  /**
   * @param kind texts of different kinds have different numbers
   * @returns the number of `bytes[start, end)`, from now on at the latest; or NO_NUMBER
   */
  of(kind: number, bytes: Uint8Array, start: number, end: number): number {
    if (end - start > this.mostBytes) return NO_NUMBER;
    if (this.viewed !== bytes) this.look(bytes);
    const { slots } = this;
    const mask = slots.length - 1;
    const first = this.placeOf(kind, bytes, start, end);
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const slot = (first + probe) & mask;
      const number = slots[slot]! - 1;
      if (number < 0) return this.add(slot, kind, bytes, start, end);
      if (this.is(number, kind, bytes, start, end)) return number;
    }
    return NO_NUMBER;
  }

  /** Whether a number is that of `bytes[start, end)`. */
  is(number: number, kind: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.viewed !== bytes) this.look(bytes);
    const { words, view } = this;
    const last = end - WORD_BYTES;
    let i = this.firstWord[number]!;
    if (words[i] !== kind || words[i + 1] !== end - start) return false;
    if (last < start) return words[i + 2] === short(bytes, start, end);
    if (words[i + 2] !== view.getInt32(last, true)) return false;
    i += 3;
    for (let at = start; at < last; at += WORD_BYTES)
      if (words[i++] !== view.getInt32(at, true)) return false;
    return true;
  }

  /** Where to look for a text. */
  private placeOf(kind: number, bytes: Uint8Array, start: number, end: number): number {
    const { view } = this;
    const last = end - WORD_BYTES;
    let mixed =
      (kind << 16) ^ (end - start) ^ (last < start ? short(bytes, start, end) : view.getInt32(last, true));
    for (let at = start; at < last; at += WORD_BYTES)
      mixed = ((mixed << 7) | (mixed >>> 25)) ^ view.getInt32(at, true);
    return Math.imul(mixed ^ (mixed >>> 15), GOLDEN) >>> this.shift;
  }

  private add(slot: number, kind: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.count >= this.most) return NO_NUMBER;
    const last = end - WORD_BYTES;
    const size = 3 + Math.ceil((end - start) / WORD_BYTES);
    if (this.wordsEnd + size > this.words.length) this.grow(size);
    const { words, view } = this;
    const number = this.count++;
    this.slots[slot] = number + 1;
    this.firstWord[number] = this.wordsEnd;
    words[this.wordsEnd++] = kind;
    words[this.wordsEnd++] = end - start;
    words[this.wordsEnd++] = last < start ? short(bytes, start, end) : view.getInt32(last, true);
    for (let at = start; at < last; at += WORD_BYTES) words[this.wordsEnd++] = view.getInt32(at, true);
    return number;
  }

  private grow(size: number): void {
    const grown = new Int32Array(2 * this.words.length + size);
    grown.set(this.words);
    this.words = grown;
  }

  /** The texts of a batch lie in few buffers. */
  private look(bytes: Uint8Array): void {
    this.viewed = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** Less than four bytes. */
function short(bytes: Uint8Array, start: number, end: number): number {
  let word = 0;
  for (let at = start; at < end; at++) word = (word << 8) | bytes[at]!;
  return word;
}
