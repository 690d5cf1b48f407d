import { ascii, equalsAscii } from './ascii.js';
import * as bytesOf from './ascii.js';
import { UNREADABLE, wholeNumber } from './decimal.js';

const { SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

const SEMICOLON = 0x3b;
const ATTEMPT = ascii('attempt=');

/**
 * Which attempt a request is, by a header of its client: a plain number, 1 = the first, or what the SDKs of AWS send
 * as `amz-sdk-request`: `attempt=2; max=3`, in any order. UNREADABLE for any other text; so is 0, which only a header
 * that counts the attempts before this one would hold.
 */
export function clientAttempt(bytes: Uint8Array, start: number, end: number): number {
  const plain = wholeNumber(bytes, start, end);
  if (plain !== UNREADABLE) return plain > 0 ? plain : UNREADABLE;
  for (let at = start; at < end;) {
    while (at < end && bytes[at] === SPACE) at++;
    let stop = at;
    while (stop < end && bytes[stop] !== SEMICOLON) stop++;
    const value = at + ATTEMPT.length;
    if (value < stop && equalsAscii(bytes, at, value, ATTEMPT)) {
      const attempt = wholeNumber(bytes, value, stop);
      return attempt > 0 ? attempt : UNREADABLE;
    }
    at = stop + 1;
  }
  return UNREADABLE;
}
