import { ascii, equalsAscii } from './ascii.js';
import { METHODS, OTHER_METHOD } from './request.js';

const NAMES = METHODS.map((name) => ascii(name));

/** Index in METHODS of the method `bytes[start, end)`. */
export function methodIndex(bytes: Uint8Array, start: number, end: number): number {
  for (let i = 0; i < NAMES.length; i++) if (equalsAscii(bytes, start, end, NAMES[i]!)) return i;
  return OTHER_METHOD;
}
