import * as bytesOf from './ascii.js';
import { isDigit } from './ascii.js';

const { DASH, QUOTE, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

export const NO_QUOTE = -1;

/**
 * Where the quoted text that ends at `end` begins, with its quote, or NO_QUOTE; a space has to be before it. For logs
 * that escape nothing: their texts are found from the end of the line, since those at its start may hold quotes.
 */
export function openingQuote(bytes: Uint8Array, start: number, end: number): number {
  if (end - 2 < start || bytes[end - 1] !== QUOTE) return NO_QUOTE;
  for (let i = end - 2; i > start; i--) if (bytes[i] === QUOTE && bytes[i - 1] === SPACE) return i;
  return NO_QUOTE;
}

/** The quote that a number or a dash follows, or `end`: a request line may hold quotes, and few spaces. */
export function closingQuote(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i + 2 < end; i++) {
    if (bytes[i] === QUOTE && bytes[i + 1] === SPACE && (isDigit(bytes[i + 2]) || bytes[i + 2] === DASH))
      return i;
  }
  return end;
}
