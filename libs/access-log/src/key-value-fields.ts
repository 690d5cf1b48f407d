import { DecodedTexts } from './decoded-texts.js';
import type { Fields } from './fields.js';
import { MISSING, STRING, TRUE } from './json-word.js';
import { KeyTree } from './key-tree.js';
import type { Text } from './request.js';

/** The wanted values of one line of `key=value` text, filled in by a format's own walk over the line. */
export class KeyValueFields implements Fields {
  bytes: Uint8Array = new Uint8Array(0);
  private readonly keys: KeyTree;
  private readonly kinds: Uint8Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly escapes: Uint8Array;
  private readonly decoded = new DecodedTexts();

  /** @param keys the slot of a value is the place of its key in this list */
  constructor(keys: readonly string[]) {
    this.keys = KeyTree.of(keys.map((key) => [key]));
    this.kinds = new Uint8Array(keys.length + 1);
    this.starts = new Int32Array(keys.length);
    this.ends = new Int32Array(keys.length);
    this.escapes = new Uint8Array(keys.length);
  }

  /** Forgets the line before. */
  reset(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.kinds.fill(MISSING);
    this.decoded.reset();
  }

  /** Of a key that comes twice, the first value counts; a word alone is no value. */
  keep(keyStart: number, keyEnd: number, start: number, end: number, escaped: boolean): void {
    const slot = this.wanted(keyStart, keyEnd);
    if (slot < 0) return;
    this.kinds[slot] = STRING;
    this.starts[slot] = start;
    this.ends[slot] = end;
    this.escapes[slot] = escaped ? 1 : 0;
  }

  /** A key without a value: the thing is so. */
  keepFlag(keyStart: number, keyEnd: number): void {
    const slot = this.wanted(keyStart, keyEnd);
    if (slot < 0) return;
    this.kinds[slot] = TRUE;
    this.starts[slot] = keyStart;
    this.ends[slot] = keyEnd;
    this.escapes[slot] = 0;
  }

  kind(slot: number): number {
    return this.kinds[slot]!;
  }

  start(slot: number): number {
    return this.starts[slot]!;
  }

  endOf(slot: number): number {
    return this.ends[slot]!;
  }

  toText(slot: number, text: Text): void {
    const start = this.starts[slot]!;
    const end = this.ends[slot]!;
    if (this.escapes[slot] === 0) {
      text.set(this.bytes, start, end);
      return;
    }
    this.decoded.decode(this.bytes, start, end, text);
  }

  private wanted(keyStart: number, keyEnd: number): number {
    const slot = this.keys.member(this.bytes, keyStart, keyEnd)?.slot ?? -1;
    return slot >= 0 && (this.kinds[slot] === MISSING || this.kinds[slot] === TRUE) ? slot : -1;
  }
}
