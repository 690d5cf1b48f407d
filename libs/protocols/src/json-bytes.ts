const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const FIRST_PIECE = 1024;
const CONTROLS = Array.from(
  { length: FIRST_PRINTABLE },
  (_, code) => `\\u${code.toString(16).padStart(4, '0')}`,
);
const LONGEST_ESCAPE = 6;

/** JSON as bytes, written in one memory again and again. Text stays the bytes that it is, UTF-8 or not. */
export class JsonBytes {
  private buffer = Buffer.allocUnsafe(FIRST_PIECE);
  private length = 0;

  /** What was written; lent until `begin`. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  begin(): void {
    this.length = 0;
  }

  /** @param token ASCII that is JSON already: a number, a word, a bracket */
  token(token: string): void {
    this.reserve(token.length);
    for (let i = 0; i < token.length; i++) this.buffer[this.length++] = token.charCodeAt(i);
  }

  /** Writes a string. */
  text(bytes: Uint8Array, start: number, end: number): void {
    this.reserve(LONGEST_ESCAPE * (end - start) + 2);
    const { buffer } = this;
    let { length } = this;
    buffer[length++] = QUOTE;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte < FIRST_PRINTABLE) length += buffer.write(CONTROLS[byte]!, length, 'latin1');
      else {
        if (byte === QUOTE || byte === BACKSLASH) buffer[length++] = BACKSLASH;
        buffer[length++] = byte;
      }
    }
    buffer[length++] = QUOTE;
    this.length = length;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
