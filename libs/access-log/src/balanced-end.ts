import { CLOSE_BRACE, CLOSE_BRACKET, LF, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './ascii.js';
import { jsonStringEnd } from './json-string.js';

/**
 * Where to go on after a malformed object: behind the bracket that closes it, its texts skipped, or at a line break
 * inside a text, which shows that a quote is missing. -1 if neither comes before `end`.
 */
export function balancedEnd(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = jsonStringEnd(bytes, i + 1, end);
      if (i < end && bytes[i] === LF) return i;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return i + 1;
  }
  return -1;
}
