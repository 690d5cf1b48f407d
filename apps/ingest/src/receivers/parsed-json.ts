import type { Hold } from '../inflight.js';

/** What JSON.parse makes of a byte of a request, in bytes. */
const PARSED_BYTES = 4;

/** Holds the memory that a body takes while it is parsed as a whole. @throws Refused */
export const holdParsed = (hold: Hold, body: Uint8Array): void =>
  hold.growTo(hold.bytes + PARSED_BYTES * body.length);
