import type { Text } from './request.js';

/** Memory for a text that a log has in two pieces; valid until the next line. */
export class JoinedText {
  private scratch = new Uint8Array(1024);

  /** Has `text` be itself, the byte and `bytes[start, end)`. */
  join(text: Text, byte: number, bytes: Uint8Array, start: number, end: number): void {
    const length = text.end - text.start;
    const whole = length + 1 + end - start;
    if (this.scratch.length < whole) this.scratch = new Uint8Array(2 * whole);
    this.scratch.set(text.bytes.subarray(text.start, text.end));
    this.scratch[length] = byte;
    this.scratch.set(bytes.subarray(start, end), length + 1);
    text.set(this.scratch, 0, whole);
  }
}
