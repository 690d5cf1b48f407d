import type { KeyTree } from './key-tree.js';

/**
 * The bytes of a key from its opening quote to its value, to be compared four at a time: most objects of a log have
 * the same keys in the same order, and half of their bytes are keys.
 */
export class KeyGuess {
  readonly length: number;
  private readonly words: Int32Array;
  private readonly lastWord: number;

  /** @param wanted what is wanted of the value of this key */
  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    readonly wanted: KeyTree | undefined,
  ) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
    this.length = end - start;
    this.words = new Int32Array(this.length >> 2);
    for (let i = 0; i < this.words.length; i++) this.words[i] = view.getInt32(4 * i, true);
    this.lastWord = view.getInt32(this.length - 4, true);
  }

  matches(view: DataView, start: number, end: number): boolean {
    const { words, length } = this;
    if (start + length > end || view.getInt32(start + length - 4, true) !== this.lastWord) return false;
    for (let i = 0, at = start; i < words.length; i++, at += 4) {
      if (view.getInt32(at, true) !== words[i]) return false;
    }
    return true;
  }
}
