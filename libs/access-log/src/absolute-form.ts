import { ascii, equalsAscii } from './ascii.js';

const SCHEMES = [ascii('https://'), ascii('http://')];

/** Where the host of `https://host/path` begins, or -1 if the target of a request is a path alone. */
export function authorityStart(bytes: Uint8Array, start: number, end: number): number {
  for (const scheme of SCHEMES) {
    const after = start + scheme.length;
    if (after <= end && equalsAscii(bytes, start, after, scheme)) return after;
  }
  return -1;
}
