import { EventReader } from './event-reader.js';
import { type Format, READ } from './format.js';
import { FORMATS, type FormatName } from './formats/index.js';

export const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_EVENTS = 10;

export interface Detection {
  readonly format: FormatName;
  /** A sentence for users. */
  readonly why: string;
}

interface Score {
  readonly name: FormatName;
  readonly read: number;
  readonly seen: number;
}

/**
 * Decides by the first events of a body which format it has: the one that most of them can be read with, of equals
 * the one that stands first in FORMATS. The same bytes always give the same answer.
 */
export function detectFormat(sample: Uint8Array): Detection | undefined {
  const bytes = sample.subarray(0, SAMPLE_BYTES);
  const scores = (Object.keys(FORMATS) as FormatName[]).map((name) => score(name, bytes));
  const best = scores.reduce((a, b) => (b.read > a.read ? b : a));
  if (best.read === 0 || best.read * 2 < best.seen) return undefined;
  return {
    format: best.name,
    why: `${best.read} of the first ${best.seen} events read as ${best.name}, each with a status, a method and a path.`,
  };
}

function score(name: FormatName, bytes: Uint8Array): Score {
  const format: Format = FORMATS[name];
  let read = 0;
  let seen = 0;
  const reader = new EventReader(format, {}, (outcome, request) => {
    if (seen === SAMPLE_EVENTS) return;
    seen++;
    if (outcome === READ && request.method >= 0 && request.path.present) read++;
  });
  reader.push(bytes);
  if (bytes.length < SAMPLE_BYTES) reader.end();
  return { name, read, seen };
}
