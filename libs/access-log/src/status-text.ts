import { DASH, ZERO } from './ascii.js';
import { UNREADABLE, wholeNumber } from './decimal.js';
import { NO_STATUS, READ, outcomeIndex } from './format.js';
import type { Request } from './request.js';

const BAD_STATUS = outcomeIndex('bad_status');

/** Sets the code that the client got; `0`, `000`, `-` and `-1` say that there was none. */
export function readStatus(bytes: Uint8Array, start: number, end: number, request: Request): number {
  const code = wholeNumber(bytes, start, end);
  if (code >= 100 && code <= 599) {
    request.code = code;
    return READ;
  }
  if (code === 0) return NO_STATUS;
  return code === UNREADABLE && isNone(bytes, start, end) ? NO_STATUS : BAD_STATUS;
}

/** `-` or `-1`. */
const isNone = (bytes: Uint8Array, start: number, end: number): boolean =>
  bytes[start] === DASH && (end - start === 1 || (end - start === 2 && bytes[start + 1] === ZERO + 1));
