import type { Step } from './step.js';

/** How many requests there are of each vendor. */
export function pieceTotals(pieces: readonly Uint8Array[]): ReadonlyMap<string, number> {
  void pieces;
  throw new Error('not there yet');
}

/**
 * The steps of all pieces in the order of their ends; equal ones in an order that only their content decides.
 * @throws Error if a piece is damaged or of an unknown version
 */
export function stepsInOrder(pieces: readonly Uint8Array[]): Iterable<Step> {
  void pieces;
  throw new Error('not there yet');
}
