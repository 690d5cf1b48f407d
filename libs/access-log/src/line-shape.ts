import { SAMPLE_BYTES } from './line-sample.js';

const LETTER = 0x61;
const DIGIT = 0x39;
const OTHER = 0x78;

/** What stands for each byte: the marks that give a line its form for themselves, anything else for its kind. */
const STANDS_FOR = new Uint8Array(256).fill(OTHER);
for (const mark of Buffer.from('"[]{}():;,=/.-|<> ', 'latin1')) STANDS_FOR[mark] = mark;
STANDS_FOR[0x09] = 0x20;
for (let i = 0; i < 10; i++) STANDS_FOR[0x30 + i] = DIGIT;
for (let i = 0; i < 26; i++) STANDS_FOR[0x41 + i] = STANDS_FOR[0x61 + i] = LETTER;

/**
 * Writes how the beginning of a line is built, and nothing that is in it: every letter is an `a`, every digit a `9`.
 * @returns where the shape ends in `into`, at most SAMPLE_BYTES behind `at`
 */
export function writeLineShape(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): number {
  const length = Math.min(end - start, SAMPLE_BYTES);
  for (let i = 0; i < length; i++) into[at + i] = STANDS_FOR[bytes[start + i]!]!;
  return at + length;
}
