const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const FIRST_PIECE = 1024;

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
    this.length += this.buffer.write(token, this.length, 'latin1');
  }

  /** Writes a string. */
  text(bytes: Uint8Array, start: number, end: number): void {
    this.reserve(6 * (end - start) + 2);
    this.buffer[this.length++] = QUOTE;
    for (let at = start; at < end; at++) this.character(bytes[at]!);
    this.buffer[this.length++] = QUOTE;
  }

  private character(byte: number): void {
    if (byte < FIRST_PRINTABLE) {
      this.length += this.buffer.write(`\\u${byte.toString(16).padStart(4, '0')}`, this.length, 'latin1');
      return;
    }
    if (byte === QUOTE || byte === BACKSLASH) this.buffer[this.length++] = BACKSLASH;
    this.buffer[this.length++] = byte;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
