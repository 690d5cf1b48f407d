import type { Request } from './request.js';

/**
 * When a request began. Some logs name that moment, others the one when the answer had gone out; which of the two is
 * told per format by docs/gateways/README.md, "When a request began", with the documents that say so.
 */

/** Of a log whose time is that of the end: the duration before it, or that time itself where no duration is logged. */
export function startBeforeEnd(request: Request): void {
  const { timeMs, durationMicros } = request;
  if (timeMs < 0 || durationMicros < 0) request.startMs = timeMs;
  else request.startMs = Math.max(0, timeMs - Math.round(durationMicros / 1000));
}

/** Of a log whose time is that of the beginning. */
export function startAtTime(request: Request): void {
  request.startMs = request.timeMs;
}
