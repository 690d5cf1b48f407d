import * as bytesOf from './ascii.js';
import { isNumberByte } from './ascii.js';
import { clientAttempt } from './client-attempt.js';
import { clfTime, isoTime } from './clock-text.js';
import { UNREADABLE, scaledDecimal } from './decimal.js';
import { durationText } from './duration-text.js';
import { outcomeIndex, type Unit } from './format.js';
import type { Fields } from './fields.js';
import * as kinds from './json-word.js';

import { methodIndex } from './method-text.js';
import { ABSENT, NOT_LOGGED, type Request, type Text } from './request.js';
import { retryAfterSeconds } from './retry-after.js';
import { readStatus } from './status-text.js';

const { DASH, OPEN_BRACKET } = bytesOf; // V8 folds a module's own constants, not imported ones
const { FALSE, MISSING, NESTED, NULL, NUMBER, STRING, TRUE } = kinds;

const MISSING_STATUS = outcomeIndex('missing_status');
const BAD_STATUS = outcomeIndex('bad_status');
const PRESENT = 0;

/** NOT_LOGGED without the key, ABSENT where the value says "none" (null, an empty text, `-`), else PRESENT. */
export function presence(fields: Fields, slot: number): number {
  const kind = fields.kind(slot);
  if (kind === MISSING) return NOT_LOGGED;
  if (kind === NULL) return ABSENT;
  const length = fields.endOf(slot) - fields.start(slot);
  if (length > 1) return PRESENT;
  return length === 0 || fields.bytes[fields.start(slot)] === DASH ? ABSENT : PRESENT;
}

export function textValue(fields: Fields, slot: number, text: Text): void {
  const state = presence(fields, slot);
  if (state === PRESENT) fields.toText(slot, text);
  else if (state === ABSENT) text.unset(ABSENT);
}

/** A decimal number, bare or quoted, times 10^`scale`. What cannot be read is as good as not logged. */
export function decimalValue(fields: Fields, slot: number, scale: number): number {
  const state = presence(fields, slot);
  if (state !== PRESENT) return state;
  const value = scaledDecimal(fields.bytes, fields.start(slot), fields.endOf(slot), scale);
  return value === UNREADABLE ? NOT_LOGGED : value;
}

/** Powers of ten from a unit to microseconds. */
const MICROS_SCALES: Readonly<Record<Unit, number>> = { s: 6, ms: 3, us: 0, ns: -3, iso8601: 6, clf: 6 };

/** Microseconds; a unit behind the number (`18ms`) counts more than the one that the mapping names, seconds if none. */
export function durationValue(fields: Fields, slot: number, unit: Unit | undefined): number {
  const state = presence(fields, slot);
  if (state !== PRESENT) return state;
  const start = fields.start(slot);
  const end = fields.endOf(slot);
  if (isNumberByte(fields.bytes[end - 1]!)) return decimalValue(fields, slot, MICROS_SCALES[unit ?? 's']);
  const micros = durationText(fields.bytes, start, end);
  return micros === UNREADABLE ? NOT_LOGGED : micros;
}

/** Digits after the point from a unit to epoch milliseconds. */
const MS_SCALES: Readonly<Record<string, number>> = { s: 3, ms: 0, us: -3, ns: -6 };

/** Epoch milliseconds. Without a unit: by the look of it, numbers by their size. Apache's `%t` comes in brackets. */
export function timeValue(fields: Fields, slot: number, unit: Unit | undefined): number {
  const state = presence(fields, slot);
  if (state !== PRESENT) return state;
  const { bytes } = fields;
  const inside = bytes[fields.start(slot)] === OPEN_BRACKET ? 1 : 0;
  const start = fields.start(slot) + inside;
  const end = fields.endOf(slot) - inside;
  let time = UNREADABLE;
  if (unit !== undefined && unit in MS_SCALES) time = scaledDecimal(bytes, start, end, MS_SCALES[unit]!);
  else {
    if (unit !== 'clf') time = isoTime(bytes, start, end);
    if (unit !== 'iso8601' && time === UNREADABLE) time = clfTime(bytes, start, end);
    if (unit === undefined && time === UNREADABLE) time = epochOfAnyUnit(bytes, start, end);
  }
  return time === UNREADABLE ? NOT_LOGGED : time;
}

/** Seconds, ms, us or ns: today's values are three digits apart, so the size tells until the year 5138. */
function epochOfAnyUnit(bytes: Uint8Array, start: number, end: number): number {
  const whole = scaledDecimal(bytes, start, end, 0);
  if (whole === UNREADABLE || whole >= 1e17) return scaledDecimal(bytes, start, end, -6);
  if (whole >= 1e14) return scaledDecimal(bytes, start, end, -3);
  return scaledDecimal(bytes, start, end, whole >= 1e11 ? 0 : 3);
}

export function methodValue(fields: Fields, slot: number): number {
  const state = presence(fields, slot);
  return state === PRESENT ? methodIndex(fields.bytes, fields.start(slot), fields.endOf(slot)) : state;
}

export function retryAfterValue(fields: Fields, slot: number, timeMs: number): number {
  const state = presence(fields, slot);
  if (state !== PRESENT) return state;
  return retryAfterSeconds(fields.bytes, fields.start(slot), fields.endOf(slot), timeMs);
}

/** Which attempt the client says that this is, 1 = the first. What cannot be read is as good as not logged. */
export function attemptValue(fields: Fields, slot: number): number {
  const state = presence(fields, slot);
  if (state !== PRESENT) return state;
  const attempt = clientAttempt(fields.bytes, fields.start(slot), fields.endOf(slot));
  return attempt === UNREADABLE ? NOT_LOGGED : attempt;
}

/** Members in partialSuccessResponses: a number; true is at least one; of a list: whether there is a member. */
export function countValue(fields: Fields, slot: number): number {
  const state = presence(fields, slot);
  if (state !== PRESENT) return state;
  if (fields.kind(slot) === NESTED) return fields.endOf(slot) - fields.start(slot) > 2 ? 1 : 0;
  const flag = flagValue(fields, slot);
  return flag === NOT_LOGGED ? decimalValue(fields, slot, 0) : flag;
}

/** 1 of `true`, 0 of `false`, also in quotes; NOT_LOGGED of anything else. */
export function flagValue(fields: Fields, slot: number): number {
  const kind = fields.kind(slot);
  if (kind === TRUE) return 1;
  if (kind === FALSE) return 0;
  if (kind !== STRING) return NOT_LOGGED;
  const length = fields.endOf(slot) - fields.start(slot);
  const last = fields.bytes[fields.endOf(slot) - 1]! | 0x20;
  const first = fields.bytes[fields.start(slot)]! | 0x20;
  if (length === 4 && first === 0x74 && last === 0x65) return 1;
  return length === 5 && first === 0x66 && last === 0x65 ? 0 : NOT_LOGGED;
}

/** Sets the code; returns the outcome of the line. */
export function statusValue(fields: Fields, slot: number, request: Request): number {
  const kind = fields.kind(slot);
  if (kind === MISSING || kind === NULL) return MISSING_STATUS;
  if (kind !== STRING && kind !== NUMBER) return BAD_STATUS;
  const start = fields.start(slot);
  const end = fields.endOf(slot);
  return start === end ? MISSING_STATUS : readStatus(fields.bytes, start, end, request);
}
