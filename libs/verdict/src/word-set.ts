import { bytesOf, sameBytes } from './text-match.js';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Texts that pieces of a line are looked up in, without making strings of the pieces. */
export class WordSet {
  private readonly words = new Map<number, Uint8Array[]>();

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const bytes = bytesOf(word);
      const hash = hashOf(bytes, 0, bytes.length);
      this.words.set(hash, [...(this.words.get(hash) ?? []), bytes]);
    }
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    const words = this.words.get(hashOf(bytes, start, end));
    return words !== undefined && words.some((word) => sameBytes(bytes, start, end, word));
  }
}

/** http://www.isthe.com/chongo/tech/comp/fnv/: FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash;
}
