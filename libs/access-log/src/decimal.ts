import * as bytesOf from './ascii.js';
import { isDigit } from './ascii.js';

const { DASH, DOT, PLUS } = bytesOf; // V8 folds a module's own constants, not imported ones

/** What the readers of numbers and times return for a text that is none. */
export const UNREADABLE = -1;

/** More digits than these are beyond the exact integers of a double, and beyond any clock. */
const MAX_DIGITS = 16;
const MAX_EXPONENT = 30;
const POWERS = Array.from({ length: 2 * MAX_EXPONENT }, (_, i) => 10 ** i);

/**
 * An unsigned decimal number times 10^`scale`, as an integer: `0.019` seconds at scale 6 are 19000 microseconds.
 * Knows exponents (`1.5e-05`), as Go writes them; UNREADABLE for any other text.
 */
export function scaledDecimal(bytes: Uint8Array, start: number, end: number, scale: number): number {
  let mantissa = 0;
  let digits = 0;
  let exponent = scale;
  let point = -1;
  let i = start;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === DOT && point < 0) {
      point = i;
      continue;
    }
    if (!isDigit(byte)) break;
    if (digits >= MAX_DIGITS) {
      if (point < 0) exponent++;
      continue;
    }
    mantissa = mantissa * 10 + (byte - 0x30);
    if (mantissa > 0) digits++;
    if (point >= 0) exponent--;
  }
  if (i === start || (i === start + 1 && point >= 0)) return UNREADABLE;
  if (i < end) {
    if ((bytes[i]! | 0x20) !== 0x65) return UNREADABLE;
    const power = signedInteger(bytes, i + 1, end);
    if (Number.isNaN(power)) return UNREADABLE;
    exponent += power;
  }
  return shift(mantissa, exponent);
}

function shift(mantissa: number, exponent: number): number {
  if (mantissa === 0 || exponent < -MAX_EXPONENT) return 0;
  if (exponent > MAX_EXPONENT) return UNREADABLE;
  const value = exponent < 0 ? Math.round(mantissa / POWERS[-exponent]!) : mantissa * POWERS[exponent]!;
  return value <= Number.MAX_SAFE_INTEGER ? value : UNREADABLE;
}

/** Plain digits, up to 9 of them; UNREADABLE for any other text. */
export function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > 9) return UNREADABLE;
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (!isDigit(byte)) return UNREADABLE;
    value = value * 10 + (byte - 0x30);
  }
  return value;
}

function signedInteger(bytes: Uint8Array, start: number, end: number): number {
  const signed = bytes[start] === DASH || bytes[start] === PLUS;
  const value = wholeNumber(bytes, signed ? start + 1 : start, end);
  if (start >= end || value === UNREADABLE) return NaN;
  return bytes[start] === DASH ? -value : value;
}
