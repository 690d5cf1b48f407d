import { outcomeIndex } from './format.js';

const MALFORMED_JSON = outcomeIndex('malformed_json');
const MALFORMED_LINE = outcomeIndex('malformed_line');
const BINARY = outcomeIndex('binary');

/** The outcome; of an unreadable event with a NUL in it: that it is no text at all. */
export function rejectionOf(outcome: number, bytes: Uint8Array, start: number, end: number): number {
  if (outcome !== MALFORMED_JSON && outcome !== MALFORMED_LINE) return outcome;
  for (let i = start; i < end; i++) if (bytes[i] === 0) return BINARY;
  return outcome;
}
