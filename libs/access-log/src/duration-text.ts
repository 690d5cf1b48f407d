import { UNREADABLE, scaledDecimal } from './decimal.js';
import { isNumberByte } from './ascii.js';

const LOWER_H = 0x68;
const LOWER_M = 0x6d;
const LOWER_N = 0x6e;
const LOWER_S = 0x73;
const LOWER_U = 0x75;
/** The first bytes of µ and of μ in UTF-8: both are written. */
const MICRO_SIGN = 0xc2;
const GREEK_MU = 0xce;
/** More parts than Go ever writes are no duration. */
const MAX_PARTS = 8;

/** Microseconds of a duration with its units, as Go and many others write it: `18ms`, `1.5s`, `47.9µs`, `1m2.5s`. */
export function durationText(bytes: Uint8Array, start: number, end: number): number {
  let micros = 0;
  let at = start;
  for (let part = 0; at < end; part++) {
    let unit = at;
    while (unit < end && isNumberByte(bytes[unit]!)) unit++;
    let after = unit;
    while (after < end && !isNumberByte(bytes[after]!)) after++;
    const value = inMicros(bytes, at, unit, after);
    if (value === UNREADABLE || part === MAX_PARTS) return UNREADABLE;
    micros += value;
    at = after;
  }
  return end > start && micros <= Number.MAX_SAFE_INTEGER ? micros : UNREADABLE;
}

/** Of `bytes[start, unit)` with the unit `bytes[unit, end)`. */
function inMicros(bytes: Uint8Array, start: number, unit: number, end: number): number {
  const first = bytes[unit]!;
  const length = end - unit;
  if (length === 1) {
    if (first === LOWER_S) return scaledDecimal(bytes, start, unit, 6);
    const minutes = first === LOWER_M ? 1 : first === LOWER_H ? 60 : 0;
    const value = scaledDecimal(bytes, start, unit, 6);
    return minutes === 0 || value === UNREADABLE ? UNREADABLE : value * 60 * minutes;
  }
  if (bytes[end - 1] !== LOWER_S) return UNREADABLE;
  if (length === 3) {
    return first === MICRO_SIGN || first === GREEK_MU ? scaledDecimal(bytes, start, unit, 0) : UNREADABLE;
  }
  if (length !== 2) return UNREADABLE;
  if (first === LOWER_M) return scaledDecimal(bytes, start, unit, 3);
  if (first === LOWER_U) return scaledDecimal(bytes, start, unit, 0);
  return first === LOWER_N ? scaledDecimal(bytes, start, unit, -3) : UNREADABLE;
}
