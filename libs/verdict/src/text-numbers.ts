/** A text that has no number: it is too long, or there are too many. */
export const NO_NUMBER = -1;

const FIRST_WORDS = 256;
/** Slots for each number there may be, so that a text is found at the first look. */
const SPACE = 4;
/** A stranger who makes texts fall together gains that some have no number, not that each is looked for among all. */
const MOST_PROBES = 16;

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const WORD = 4;

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
  /** Of each number: kind, length, and the text four bytes at a time. */
  private words = new Int32Array(FIRST_WORDS);
  private wordsEnd = 0;
  private readonly firstWord: Uint32Array;
  /** The text that is looked for. */
  private readonly wanted: Int32Array;
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
    this.firstWord = new Uint32Array(most);
    this.wanted = new Int32Array(2 + Math.ceil(mostBytes / WORD));
  }

  /**
   * @param kind texts of different kinds have different numbers
   * @returns the number of `bytes[start, end)`, from now on at the latest; or NO_NUMBER
   */
  of(kind: number, bytes: Uint8Array, start: number, end: number): number {
    if (end - start > this.mostBytes) return NO_NUMBER;
    const { slots } = this;
    const mask = slots.length - 1;
    const size = 2 + ((end - start + WORD - 1) >>> 2);
    const hash = this.read(kind, bytes, start, end);
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const slot = (hash + probe) & mask;
      const number = slots[slot]! - 1;
      if (number < 0) return this.add(slot, size);
      if (this.isWanted(this.firstWord[number]!, size)) return number;
    }
    return NO_NUMBER;
  }

  /** Reads the text that is wanted. @returns where to look for it */
  private read(kind: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.viewed !== bytes) this.look(bytes);
    const { wanted, view } = this;
    let hash = Math.imul(BASIS ^ kind, PRIME) ^ (end - start);
    wanted[0] = kind;
    wanted[1] = end - start;
    let i = 2;
    let at = start;
    for (; at + WORD <= end; at += WORD) {
      const word = view.getInt32(at, true);
      wanted[i++] = word;
      hash = Math.imul(hash ^ word, PRIME);
      hash ^= hash >>> 15;
    }
    if (at < end) {
      let word = 0;
      for (let last = end - 1; last >= at; last--) word = (word << 8) | bytes[last]!;
      wanted[i] = word;
      hash = Math.imul(hash ^ word, PRIME);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  /** The length stands before the text, so that no look goes beyond the words of a number. */
  private isWanted(first: number, size: number): boolean {
    const { words, wanted } = this;
    for (let i = 0; i < size; i++) if (words[first + i] !== wanted[i]) return false;
    return true;
  }

  private add(slot: number, size: number): number {
    if (this.count >= this.most) return NO_NUMBER;
    if (this.wordsEnd + size > this.words.length) this.grow();
    const number = this.count++;
    this.words.set(this.wanted.subarray(0, size), this.wordsEnd);
    this.firstWord[number] = this.wordsEnd;
    this.wordsEnd += size;
    this.slots[slot] = number + 1;
    return number;
  }

  private grow(): void {
    const grown = new Int32Array(2 * this.words.length + this.wanted.length);
    grown.set(this.words);
    this.words = grown;
  }

  /** The texts of a batch lie in few buffers. */
  private look(bytes: Uint8Array): void {
    this.viewed = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
