const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const FIRST_PLAIN = 0x20;
const FIRST_PIECE = 1024;
/** How each control character is written. */
const CONTROLS = Array.from({ length: FIRST_PLAIN }, (_, code) =>
  JSON.stringify(String.fromCharCode(code)).slice(1, -1),
);

/**
 * Writes one JSON object after the other into the same memory. Texts are taken as bytes, so that a path in Latin-1 stays
 * what it was.
 */
export class JsonBytes {
  private buffer = Buffer.allocUnsafe(FIRST_PIECE);
  private length = 0;

  /** What was written since {@link clear}: a view, valid until the next one. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** So much was written; {@link rewind} goes back to it. */
  get mark(): number {
    return this.length;
  }

  clear(): void {
    this.length = 0;
  }

  /** Takes back what was written since. */
  rewind(mark: number): void {
    this.length = mark;
  }

  /** Writes brackets, words and numbers as they are. @param text ASCII */
  raw(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.buffer[this.length++] = text.charCodeAt(i);
  }

  /** Writes the key of a member, and a comma before it unless it is the first since the mark. */
  key(name: Uint8Array, firstAt: number): void {
    if (this.length > firstAt) this.byte(COMMA);
    this.text(name);
    this.byte(COLON);
  }

  /** Writes a comma unless nothing was written since the mark. */
  separate(firstAt: number): void {
    if (this.length > firstAt) this.byte(COMMA);
  }

  /** Writes a string. @param text UTF-8, or whatever its sender took for it */
  text(text: Uint8Array): void {
    const escapes = escapeBytes(text);
    this.reserve(text.length + escapes + 2);
    this.byte(QUOTE);
    if (escapes > 0) this.escape(text);
    else {
      this.buffer.set(text, this.length);
      this.length += text.length;
    }
    this.byte(QUOTE);
  }

  private escape(text: Uint8Array): void {
    for (let i = 0; i < text.length; i++) {
      const byte = text[i]!;
      if (byte < FIRST_PLAIN) this.raw(CONTROLS[byte]!);
      else {
        if (byte === QUOTE || byte === BACKSLASH) this.byte(BACKSLASH);
        this.byte(byte);
      }
    }
  }

  private byte(byte: number): void {
    this.reserve(1);
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

/** By how much a text grows when it is escaped. */
function escapeBytes(text: Uint8Array): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]!;
    if (byte < FIRST_PLAIN) bytes += CONTROLS[byte]!.length - 1;
    else if (byte === QUOTE || byte === BACKSLASH) bytes++;
  }
  return bytes;
}
