import { BrokenStream } from './broken-stream.js';

/** Kinds of msgpack values; both booleans, all integers and all floats are one each. */
export const [NIL, BOOLEAN, INTEGER, UNSIGNED, FLOAT, STRING, BINARY, ARRAY, MAP, EXTENSION] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;

/** Kind of the formats 0xc0 to 0xdf, and how many bytes behind the first one hold a number or a length. */
const FORMATS: readonly (readonly [kind: number, width: number])[] = [
  ...([[NIL, 0], [-1, 0], [BOOLEAN, 0], [BOOLEAN, 0]] as const), // prettier-ignore
  ...([1, 2, 4] as const).map((width) => [BINARY, width] as const),
  ...([1, 2, 4] as const).map((width) => [EXTENSION, width] as const),
  ...([4, 8] as const).map((width) => [FLOAT, width] as const),
  ...([1, 2, 4, 8] as const).map((width) => [UNSIGNED, width] as const),
  ...([1, 2, 4, 8] as const).map((width) => [INTEGER, width] as const),
  ...[0, 0, 0, 0, 0].map((width) => [EXTENSION, width] as const),
  ...([1, 2, 4] as const).map((width) => [STRING, width] as const),
  ...([2, 4] as const).map((width) => [ARRAY, width] as const),
  ...([2, 4] as const).map((width) => [MAP, width] as const),
];
const FIRST_FORMAT = 0xc0;
const FIXED_EXTENSION = 0xd4;
const NEGATIVE = 0xe0;

/**
 * The head of a msgpack value, https://github.com/msgpack/msgpack/blob/master/spec.md: what it is and where it ends,
 * without its content. One object reads many heads.
 */
export class MsgpackHead {
  kind: number = NIL;
  /** Where the content begins: of a number its bytes, of an extension what is behind its type. */
  start = 0;
  /** Bytes of the content of what holds no other values. */
  size = 0;
  /** Values that are directly in it: keys and values of a map. */
  items = 0;
  /** Where the next value begins, be it the first one in this one. It may lie behind what has come. */
  next = 0;

  /**
   * @param end of what has come
   * @returns whether all of the head has come
   * @throws BrokenStream for the one byte that begins no value
   */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (at >= end) return false;
    const first = bytes[at]!;
    if (first < 0x80 || first >= NEGATIVE) this.leaf(INTEGER, at, 1);
    else if (first < 0x90) this.container(MAP, at + 1, 2 * (first & 0x0f));
    else if (first < 0xa0) this.container(ARRAY, at + 1, first & 0x0f);
    else if (first < FIRST_FORMAT) this.leaf(STRING, at + 1, first & 0x1f);
    else return this.format(bytes, first, at + 1, end);
    return true;
  }

  private format(bytes: Uint8Array, first: number, at: number, end: number): boolean {
    const [kind, width] = FORMATS[first - FIRST_FORMAT]!;
    if (kind < 0)
      throw new BrokenStream('the byte 0xc1 begins no msgpack value', 'Check what sends to this port.');
    if (kind === FLOAT || kind === UNSIGNED || kind === INTEGER) this.leaf(kind, at, width);
    else if (at + width > end) return false;
    else if (kind === ARRAY || kind === MAP)
      this.container(kind, at + width, unsigned(bytes, at, width) * (kind === MAP ? 2 : 1));
    else if (kind === EXTENSION)
      this.leaf(
        kind,
        at + width + 1,
        width === 0 ? 1 << (first - FIXED_EXTENSION) : unsigned(bytes, at, width),
      );
    else this.leaf(kind, at + width, unsigned(bytes, at, width));
    return true;
  }

  private leaf(kind: number, start: number, size: number): void {
    this.kind = kind;
    this.start = start;
    this.size = size;
    this.items = 0;
    this.next = start + size;
  }

  private container(kind: number, start: number, items: number): void {
    this.kind = kind;
    this.start = this.next = start;
    this.size = 0;
    this.items = items;
  }
}

/** Big-endian. */
function unsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + bytes[at + i]!;
  return value;
}

const walked = new MsgpackHead();

/** Where a value ends; all of it must be there. */
export function endOf(bytes: Uint8Array, at: number): number {
  for (let values = 1; values > 0; values += walked.items - 1) {
    walked.read(bytes, at, bytes.length);
    at = walked.next;
  }
  return at;
}
