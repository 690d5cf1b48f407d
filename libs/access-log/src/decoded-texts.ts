import { decodeJsonString } from './json-string.js';
import type { Text } from './request.js';

/** Copies without escapes of the texts of one line; valid until the next line. */
export class DecodedTexts {
  private scratch = new Uint8Array(1024);
  private used = 0;

  /** Forgets the line before. */
  reset(): void {
    this.used = 0;
  }

  /** Points the text at a copy of `bytes[start, end)` without its escapes. */
  decode(bytes: Uint8Array, start: number, end: number, text: Text): void {
    this.makeRoom(end - start);
    const from = this.used;
    this.used = decodeJsonString(bytes, start, end, this.scratch, from);
    text.set(this.scratch, from, this.used);
  }

  /** A full scratch is left to the texts that point into it. */
  private makeRoom(bytes: number): void {
    if (this.scratch.length - this.used >= bytes) return;
    this.scratch = new Uint8Array(Math.max(2 * this.scratch.length, bytes));
    this.used = 0;
  }
}
