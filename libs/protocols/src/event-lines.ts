const LF = 0x0a;
const CR = 0x0d;
const BLANK = 0x20;
const OPEN_BRACE = 0x7b;
const FIRST_PIECE = 4096;
const LF_ESCAPED = Buffer.from('\\x0a');
const CR_ESCAPED = Buffer.from('\\x0d');

/**
 * Writes events one a line, each ended by a line feed. A line break within an event is escaped as gateways do, `\x0a`,
 * so that one event stays one line and nobody can forge another. Within a JSON object a line break can only be a blank
 * between two words, and becomes a space.
 */
export class EventLines {
  private buffer = Buffer.alloc(0);
  private length = 0;
  private written = 0;

  /** Events so far. */
  get events(): number {
    return this.written;
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.length;
  }

  /** Everything so far; what is added later does not change it. */
  get lines(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** @param event a log line or a JSON object, with or without a line break behind it; an empty one is no event */
  add(event: Uint8Array): void {
    const end = endOf(event);
    if (end === 0) return;
    this.reserve(end + 1);
    if (findBreak(event, 0, end) === end) this.write(event.subarray(0, end));
    else this.writeInPieces(event, end);
    this.buffer[this.length++] = LF;
    this.written++;
  }

  private writeInPieces(event: Uint8Array, end: number): void {
    const isObject = event[0] === OPEN_BRACE;
    for (let at = 0; at <= end;) {
      const stop = findBreak(event, at, end);
      this.write(event.subarray(at, stop));
      if (stop < end) this.writeBreak(event[stop]!, isObject);
      at = stop + 1;
    }
  }

  private writeBreak(byte: number, isObject: boolean): void {
    if (!isObject) return this.write(byte === LF ? LF_ESCAPED : CR_ESCAPED);
    this.reserve(1);
    this.buffer[this.length++] = BLANK;
  }

  private write(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length, FIRST_PIECE));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

const isBreak = (byte: number | undefined): boolean => byte === LF || byte === CR;

/** Where an event ends without the line breaks behind it. */
function endOf(event: Uint8Array): number {
  let end = event.length;
  while (end > 0 && isBreak(event[end - 1])) end--;
  return end;
}

function findBreak(event: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && !isBreak(event[at])) at++;
  return at;
}
