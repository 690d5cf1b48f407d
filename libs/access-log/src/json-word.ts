import * as bytesOf from './ascii.js';
import { ascii, equalsAscii, isDigit } from './ascii.js';

const { CLOSE_BRACE, CLOSE_BRACKET, COMMA, DASH, NINE, PLUS, SLASH, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

/** What a wanted value is. */
export const MISSING = 0;
export const NULL = 1;
export const FALSE = 2;
export const TRUE = 3;
export const NUMBER = 4;
export const STRING = 5;
/** An object or a list; start and end include its brackets. */
export const NESTED = 6;

const TRUE_TEXT = ascii('true');
const FALSE_TEXT = ascii('false');
const NULL_TEXT = ascii('null');
const LOWER_E = 0x65;

/** The end of a number, `true`, `false` or `null`. */
export function wordEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const byte = bytes[i]!;
    if (byte === COMMA || byte <= SPACE || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return i;
    i++;
  }
  return end;
}

/** What a value outside of quotes is; MISSING if it is nothing that JSON has. */
export function wordKind(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start]!;
  if (first === DASH || isDigit(first)) return isNumber(bytes, start + 1, end) ? NUMBER : MISSING;
  if (equalsAscii(bytes, start, end, TRUE_TEXT)) return TRUE;
  if (equalsAscii(bytes, start, end, FALSE_TEXT)) return FALSE;
  return equalsAscii(bytes, start, end, NULL_TEXT) ? NULL : MISSING;
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte > NINE ? (byte | 0x20) !== LOWER_E : byte < PLUS || byte === COMMA || byte === SLASH)
      return false;
  }
  return true;
}
