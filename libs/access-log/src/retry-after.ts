import { httpDate } from './clock-text.js';
import { UNREADABLE, scaledDecimal } from './decimal.js';
import { ABSENT } from './request.js';

/**
 * Seconds of a Retry-After header: a number, or a date counted from the request. What is neither means nothing to a
 * client (RFC 9110, 10.2.3), so it reads as absent.
 * @param timeMs of the request; negative if the log has none: then a date tells that waiting is due, not how long
 */
export function retryAfterSeconds(bytes: Uint8Array, start: number, end: number, timeMs: number): number {
  const seconds = scaledDecimal(bytes, start, end, 0);
  if (seconds !== UNREADABLE) return seconds;
  const date = httpDate(bytes, start, end);
  if (date === UNREADABLE) return ABSENT;
  return timeMs < 0 ? 0 : Math.max(0, Math.ceil((date - timeMs) / 1000));
}
