import type { Reason, Verdict } from '#catalogue';
import type { Disposition } from './disposition.js';

/**
 * The bytes of a piece, as step-writer.ts writes and step-reader.ts reads them:
 *
 * - version (one byte), slice, how many vendors, and of each its name and how many requests there are
 * - how many words, and the words; how many judgements, and of each vendor, code, verdict, reason and disposition
 * - of each request a number that holds its kind and how long after the one before it was answered (the first: after the
 *   slice began); then, except for QUICK, how long it took; then the hash of the operation; of NOTED the length of its note
 *   (two bytes), and the note
 *
 * A word is its place in the list from 1 on, or 0 and the word itself where the list was full.
 *
 * The version is to be raised whenever bytes mean something else, hashes among them: two of the same request must be equal.
 */
export const VERSION = 2;

/** Kinds of requests: two bits. It took no millisecond, or none are logged. */
export const QUICK = 0;
export const PLAIN = 1;
/** Its caller says that it was sent for the first time. */
export const FIRST_ATTEMPT = 2;
export const NOTED = 3;
export const KINDS = 4;

/** What a longer request took is not told. */
export const MOST_MS = 2 ** 31 - 1;

/** Bits of the flags of a note; the role takes those below. */
export const ROLE_BITS = 0x3;
export const IS_WRITE = 0x4;
export const IS_EXACT = 0x8;
export const IS_CUT = 0x10;
/** A hash follows. */
export const HAS_LOCATION = 0x20;
/** Without either of the two it was not logged. */
export const NO_LOCATION = 0x40;

/** What is added to numbers that may be ABSENT or NOT_LOGGED, so that they are from 0 up. */
export const SHIFT = 2;

/** How a piece tells what a request was judged to be. */
export interface PieceJudgement {
  readonly vendor: string;
  readonly code: number;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly disposition: Disposition;
}

/** -1, 1, -2 … as 1, 2, 3 …: small numbers of either sign are small numbers. */
export const folded = (number: number): number => (number < 0 ? -2 * number - 1 : 2 * number);
export const unfolded = (number: number): number => (number % 2 === 1 ? -(number + 1) / 2 : number / 2);
