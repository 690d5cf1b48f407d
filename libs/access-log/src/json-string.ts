import * as bytesOf from './ascii.js';

const { BACKSLASH, QUOTE, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

const HEX = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) {
  HEX[i.toString(16).charCodeAt(0)] = i;
  HEX[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

/** 0 to 15; -1 of any other byte. */
export const hexDigit = (byte: number): number => HEX[byte]!;

/** What a one-letter escape stands for; 0 where the letter stands for itself, as in `\"` and `\/`. */
const CONTROL = new Uint8Array(256);
for (const [letter, control] of Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13, v: 11 })) {
  CONTROL[letter.charCodeAt(0)] = control;
}

const LOWER_U = 0x75;
const LOWER_X = 0x78;
const REPLACEMENT_CHARACTER = 0xfffd;

/** The first byte that is not plain text of a string: a quote, a backslash, a control character; or `end`. */
export function plainEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte <= QUOTE ? byte === QUOTE || byte < SPACE : byte === BACKSLASH) return i;
  }
  return end;
}

/**
 * The end of a string's text: the closing quote, or if there is none before `end`: `end`, or the place of a control
 * character, which no string may hold.
 */
export function jsonStringEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = plainEnd(bytes, start, end);
  while (i < end && bytes[i] === BACKSLASH) {
    if (i + 1 < end && bytes[i + 1]! < SPACE) return i + 1;
    i = plainEnd(bytes, Math.min(i + 2, end), end);
  }
  return i;
}

/**
 * Writes the text of a JSON string without its escapes, which is never longer, and returns where it ended.
 * Besides JSON's escapes it knows `\x22`, which nginx writes into a hand-made JSON format without `escape=json`.
 */
export function decodeJsonString(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): number {
  let from = start;
  let to = at;
  while (from < end) {
    const byte = bytes[from++]!;
    if (byte !== BACKSLASH || from === end) {
      into[to++] = byte;
      continue;
    }
    const letter = bytes[from++]!;
    const digits = letter === LOWER_U ? 4 : letter === LOWER_X ? 2 : 0;
    const value = digits > 0 ? hex(bytes, from, digits, end) : -1;
    if (value < 0) {
      into[to++] = CONTROL[letter] || letter;
      continue;
    }
    from += digits;
    if (letter === LOWER_X) into[to++] = value;
    else if (isHighSurrogate(value) && isLowSurrogate(escapeAt(bytes, from, end))) {
      to = writeUtf8(into, to, 0x10000 + ((value & 0x3ff) << 10) + (escapeAt(bytes, from, end) & 0x3ff));
      from += 6;
    } else to = writeUtf8(into, to, value >= 0xd800 && value < 0xe000 ? REPLACEMENT_CHARACTER : value);
  }
  return to;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** The value of a `\uXXXX` that starts here, or -1. */
const escapeAt = (bytes: Uint8Array, start: number, end: number): number =>
  start + 6 <= end && bytes[start] === BACKSLASH && bytes[start + 1] === LOWER_U
    ? hex(bytes, start + 2, 4, end)
    : -1;

function hex(bytes: Uint8Array, start: number, digits: number, end: number): number {
  if (start + digits > end) return -1;
  let value = 0;
  for (let i = start; i < start + digits; i++) {
    const digit = HEX[bytes[i]!]!;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function writeUtf8(into: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    into[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    into[at] = 0xc0 | (point >> 6);
    into[at + 1] = 0x80 | (point & 0x3f);
    return at + 2;
  }
  if (point < 0x10000) {
    into[at] = 0xe0 | (point >> 12);
    into[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    into[at + 2] = 0x80 | (point & 0x3f);
    return at + 3;
  }
  into[at] = 0xf0 | (point >> 18);
  into[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  into[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  into[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}
