const HASH_BYTES = 6;
const LENGTH_BYTES = 2;
const MOST_BYTES_OF_PART = 0xffff;
const BITS_OF_LOW = 2 ** 32;
const MOST_BYTES_OF_NUMBER = 8;
/** Texts are names, most of them: those that are short and ASCII need no bytes of their own in between. */
const MOST_BYTES_OF_NAME = 64;
const LAST_ASCII = 0x7f;

/** Bytes that grow: numbers from 0 up in groups of seven bits, the lowest first, hashes in six bytes, texts with their length. */
export class StepBytes {
  length = 0;

  private bytes: Uint8Array;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** What was written, until more is. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Leaves two bytes for the length of what follows. @returns what `endPart` is told */
  beginPart(): number {
    this.makeRoom(LENGTH_BYTES);
    this.length += LENGTH_BYTES;
    return this.length;
  }

  /** @throws RangeError if the part has more than 65,535 bytes */
  endPart(start: number): void {
    const length = this.length - start;
    if (length > MOST_BYTES_OF_PART) throw new RangeError(`a part of ${length} bytes`);
    this.bytes[start - 2] = length;
    this.bytes[start - 1] = length >>> 8;
  }

  byte(byte: number): void {
    this.makeRoom(1);
    this.bytes[this.length++] = byte;
  }

  /** @param number an integer from 0 to 2^53 - 1 */
  number(number: number): void {
    this.makeRoom(MOST_BYTES_OF_NUMBER);
    const { bytes } = this;
    let { length } = this;
    let rest = number;
    while (rest > 0x7fffffff) {
      bytes[length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      bytes[length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[length++] = rest;
    this.length = length;
  }

  hash(hash: number): void {
    this.makeRoom(HASH_BYTES);
    const { bytes, length } = this;
    const low = hash | 0;
    const high = (hash / BITS_OF_LOW) | 0;
    bytes[length] = low;
    bytes[length + 1] = low >>> 8;
    bytes[length + 2] = low >>> 16;
    bytes[length + 3] = low >>> 24;
    bytes[length + 4] = high;
    bytes[length + 5] = high >>> 8;
    this.length += HASH_BYTES;
  }

  text(text: string): void {
    if (text.length > MOST_BYTES_OF_NAME) return this.anyText(text);
    const start = this.length;
    this.number(text.length);
    this.makeRoom(text.length);
    const { bytes } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > LAST_ASCII) {
        this.length = start;
        return this.anyText(text);
      }
      bytes[this.length + i] = code;
    }
    this.length += text.length;
  }

  /** A text that is bytes already. */
  raw(bytes: Uint8Array, start: number, end: number): void {
    this.number(end - start);
    this.append(bytes, start, end);
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    this.makeRoom(end - start);
    const into = this.bytes;
    let { length } = this;
    for (let at = start; at < end; at++) into[length++] = bytes[at]!;
    this.length = length;
  }

  private anyText(text: string): void {
    const bytes = Buffer.from(text);
    this.raw(bytes, 0, bytes.length);
  }

  private makeRoom(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    // not zeroed: nothing is read that was not written
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

/** Reads what StepBytes wrote. Errors tell that it is damaged, and where. */
export class StepCursor {
  constructor(
    private readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  get length(): number {
    return this.bytes.length;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.step(1)]!;
  }

  number(): number {
    let number = 0;
    let factor = 1;
    for (let i = 0; i < MOST_BYTES_OF_NUMBER; i++) {
      const byte = this.byte();
      number += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (number > Number.MAX_SAFE_INTEGER) break;
        return number;
      }
      factor *= 128;
    }
    throw this.damaged('a number without an end');
  }

  hash(): number {
    const at = this.step(HASH_BYTES);
    const { bytes } = this;
    const low = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    return (low >>> 0) + (bytes[at + 4]! | (bytes[at + 5]! << 8)) * BITS_OF_LOW;
  }

  text(): string {
    const length = this.number();
    const at = this.step(length);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, length).toString();
  }

  /** Steps over a part. */
  skipPart(): void {
    const at = this.step(LENGTH_BYTES);
    this.step(this.bytes[at]! | (this.bytes[at + 1]! << 8));
  }

  /** Steps into a part. */
  enterPart(): void {
    this.step(LENGTH_BYTES);
  }

  damaged(what: string): Error {
    return new Error(`damaged steps: ${what} at byte ${this.at} of ${this.bytes.length}`);
  }

  private step(length: number): number {
    const { at } = this;
    if (at + length > this.bytes.length) throw this.damaged('they end too early');
    this.at = at + length;
    return at;
  }
}
