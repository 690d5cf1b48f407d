import * as bytesOf from './ascii.js';
import { equalsAscii, isDigit } from './ascii.js';
import { epochMs } from './calendar.js';
import { UNREADABLE, wholeNumber } from './decimal.js';

const { COLON, DASH, DOT, PLUS, SLASH, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

const UPPER_T = 0x54;
const LOWER_T = 0x74;
const UPPER_Z = 0x5a;
const LOWER_Z = 0x7a;
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** Epoch milliseconds of `21/Nov/2026:07:39:17 +0000`, the time of CLF, brackets not included. */
export function clfTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 26 || bytes[start + 20] !== SPACE) return UNREADABLE;
  return inZone(clfDate(bytes, start), zoneMinutes(bytes, start + 21, end));
}

/**
 * Epoch milliseconds of `21/Nov/2026:07:39:17.913`, as HAProxy writes it: in its own zone, which it does not tell.
 * It is read as UTC, like every time without a zone.
 */
export function clfTimeWithMillis(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 24 || bytes[start + 20] !== DOT) return UNREADABLE;
  const millis = wholeNumber(bytes, start + 21, end);
  const time = inZone(clfDate(bytes, start), 0);
  return millis === UNREADABLE || time === UNREADABLE ? UNREADABLE : time + millis;
}

/** As if in UTC. */
function clfDate(bytes: Uint8Array, start: number): number {
  if (bytes[start + 2] !== SLASH || bytes[start + 6] !== SLASH || bytes[start + 11] !== COLON)
    return UNREADABLE;
  return epochMs(
    fourDigits(bytes, start + 7),
    monthName(bytes, start + 3),
    twoDigits(bytes, start),
    twoDigits(bytes, start + 12),
    twoDigits(bytes, start + 15),
    twoDigits(bytes, start + 18),
  );
}

/** Reads CLF times that mostly are the same as the one before, as those of a busy log. */
export class ClfClock {
  private readonly text = new Uint8Array(26);
  private time = UNREADABLE;

  read(bytes: Uint8Array, start: number): number {
    if (!equalsAscii(bytes, start, start + 26, this.text)) {
      this.text.set(bytes.subarray(start, start + 26));
      this.time = clfTime(bytes, start, start + 26);
    }
    return this.time;
  }
}

/**
 * Epoch milliseconds of an ISO 8601 time: `2026-11-21T07:39:17+00:00`, with or without a fraction; a space may stand
 * for the T. Without a zone it is read as UTC: the machine that reads is not the one that wrote.
 */
export function isoTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19 || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return UNREADABLE;
  const separator = bytes[start + 10];
  if (separator !== UPPER_T && separator !== SPACE && separator !== LOWER_T) return UNREADABLE;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return UNREADABLE;
  const date = epochMs(
    fourDigits(bytes, start),
    twoDigits(bytes, start + 5),
    twoDigits(bytes, start + 8),
    twoDigits(bytes, start + 11),
    twoDigits(bytes, start + 14),
    twoDigits(bytes, start + 17),
  );
  let zone = start + 19;
  let millis = 0;
  if (zone < end && bytes[zone] === DOT) {
    const fraction = ++zone;
    for (let unit = 100; zone < end && isDigit(bytes[zone]); zone++, unit = Math.floor(unit / 10)) {
      millis += unit * (bytes[zone]! - 0x30);
    }
    if (zone === fraction) return UNREADABLE;
  }
  const time = inZone(date, zoneMinutes(bytes, zone, end));
  return time === UNREADABLE ? UNREADABLE : time + millis;
}

/** Epoch milliseconds of `Sun, 06 Nov 1994 08:49:37 GMT`, the IMF-fixdate of HTTP. */
export function httpDate(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 29 || bytes[start + 19] !== COLON || bytes[start + 22] !== COLON) return UNREADABLE;
  return epochMs(
    fourDigits(bytes, start + 12),
    monthName(bytes, start + 8),
    twoDigits(bytes, start + 5),
    twoDigits(bytes, start + 17),
    twoDigits(bytes, start + 20),
    twoDigits(bytes, start + 23),
  );
}

const twoDigits = (bytes: Uint8Array, at: number): number => wholeNumber(bytes, at, at + 2);
const fourDigits = (bytes: Uint8Array, at: number): number => wholeNumber(bytes, at, at + 4);

/** 1 to 12, or 0. */
function monthName(bytes: Uint8Array, at: number): number {
  for (let m = 0; m < MONTHS.length; m += 3) {
    if (
      (bytes[at + 1]! | 0x20) === MONTHS.charCodeAt(m + 1) &&
      (bytes[at + 2]! | 0x20) === MONTHS.charCodeAt(m + 2) &&
      (bytes[at]! | 0x20) === MONTHS.charCodeAt(m)
    ) {
      return m / 3 + 1;
    }
  }
  return 0;
}

/** Minutes east of UTC of `Z`, `+0100`, `+01:00`, `+01` or nothing; NaN for any other text. */
function zoneMinutes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  const sign = bytes[start];
  if (length === 1 && (sign === UPPER_Z || sign === LOWER_Z)) return 0;
  if ((sign !== PLUS && sign !== DASH) || (length !== 3 && length !== 5 && length !== 6)) return NaN;
  if (length === 6 && bytes[start + 3] !== COLON) return NaN;
  const hours = twoDigits(bytes, start + 1);
  const minutes = length === 3 ? 0 : twoDigits(bytes, end - 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN;
  return (sign === DASH ? -1 : 1) * (hours * 60 + minutes);
}

/** A time before 1970 is unreadable too: no log is that old, and negative numbers have meanings of their own. */
function inZone(localMs: number, minutesEast: number): number {
  const time = localMs - minutesEast * 60_000;
  return localMs !== UNREADABLE && time >= 0 ? time : UNREADABLE;
}
