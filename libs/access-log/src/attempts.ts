import * as bytesOf from './ascii.js';
import { wholeNumber } from './decimal.js';
import type { Request } from './request.js';

const { COLON, COMMA, DASH, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

/**
 * nginx logs one value per attempt: `503, 200`, and ` : ` between the groups of an internal redirect.
 * https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_addr
 */
export function lastAttemptStart(bytes: Uint8Array, start: number, end: number): number {
  let i = end;
  while (i > start && !isBetweenAttempts(bytes[i - 1]!)) i--;
  return i;
}

/** Whether there is any text but `-`: someone was asked. */
export const isAnybody = (bytes: Uint8Array, start: number, end: number): boolean =>
  end > start && !(end - start === 1 && bytes[start] === DASH);

/** Statuses that nginx itself writes where those of upstreams stand; Kong is nginx. */
export const isOwnOfNginx = (code: number): boolean => code === 499 || code === 502 || code === 504;

/** Adds the statuses of a list to the earlier attempts; those that are `-` have none. */
export function keepAttempts(bytes: Uint8Array, start: number, end: number, request: Request): void {
  let from = start;
  for (let i = start; i <= end; i++) {
    if (i < end && !isBetweenAttempts(bytes[i]!)) continue;
    keepAttempt(wholeNumber(bytes, from, i), request);
    from = i + 1;
  }
}

function keepAttempt(code: number, request: Request): void {
  if (code < 100 || code > 599 || request.attemptCount === request.earlierAttempts.length) return;
  request.earlierAttempts[request.attemptCount++] = code;
}

const isBetweenAttempts = (byte: number): boolean => byte === SPACE || byte === COMMA || byte === COLON;
