import * as bytesOf from './ascii.js';

const { DASH, SLASH, SPACE, UPPER_A, UPPER_Z } = bytesOf; // V8 folds a module's own constants, not imported ones

const UNDERSCORE = 0x5f;
const UPPER_H = 0x48;
/** ` HTTP/`: behind the end of the line stands something else. */
const SHORTEST_PROTOCOL = 6;
/** No request line. */
export const NO_METHOD = -1;

/** The space behind the method of a request line, or NO_METHOD: a TLS hello, `<BADREQ>`, nothing at all. */
export function methodEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && isTokenByte(bytes[i]!)) i++;
  return i > start && i < end && bytes[i] === SPACE ? i : NO_METHOD;
}

/** The space before `HTTP/1.1`, or `end`: old clients send no protocol, and a path may hold spaces. */
export function protocolStart(bytes: Uint8Array, start: number, end: number): number {
  for (let i = end - SHORTEST_PROTOCOL; i > start && i > end - 12; i--) {
    if (bytes[i] === SPACE && bytes[i + 1] === UPPER_H && bytes[i + 5] === SLASH) return i;
  }
  return end;
}

/** The letters, dashes and underscores that methods are made of. */
const isTokenByte = (byte: number): boolean =>
  (byte >= UPPER_A && byte <= UPPER_Z) || byte === DASH || byte === UNDERSCORE;
