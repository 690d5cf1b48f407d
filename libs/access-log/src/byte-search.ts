import * as bytesOf from './ascii.js';

const { SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

/** The first such byte, or `end`. */
export function byteAt(wanted: number, bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === wanted) return i;
  return end;
}

/** The next space, or `end`. */
export const wordEnd = (bytes: Uint8Array, start: number, end: number): number =>
  byteAt(SPACE, bytes, start, end);
