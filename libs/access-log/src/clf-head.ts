import * as bytesOf from './ascii.js';
import { isDigit } from './ascii.js';

const { OPEN_BRACKET, QUOTE, SLASH, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

const CLF_TIME_LENGTH = 26;
/** `] "` stands between a time and a request line. */
const BEFORE_REQUEST = 3;

/** The day of `[21/Nov/2026:07:39:17 +0000] "`, or -1 if there is no such thing in the line. */
export function clfTimeStart(bytes: Uint8Array, start: number, end: number): number {
  const last = end - CLF_TIME_LENGTH - BEFORE_REQUEST;
  for (let i = start + 2; i <= last; i++) {
    if (bytes[i - 1] === OPEN_BRACKET && bytes[i - 2] === SPACE && isClfTime(bytes, i)) return i;
  }
  return -1;
}

/** Where the request line begins, inside its quotes. @param time of {@link clfTimeStart} */
export const requestLineStart = (time: number): number => time + CLF_TIME_LENGTH + BEFORE_REQUEST;

const isClfTime = (bytes: Uint8Array, at: number): boolean =>
  isDigit(bytes[at]) && bytes[at + 2] === SLASH && bytes[at + 6] === SLASH && bytes[at + 28] === QUOTE;
