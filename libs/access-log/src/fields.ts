import type { Text } from './request.js';

/** The values that a line has for the wanted keys, each in the slot of its key. */
export interface Fields {
  /** What the slots point into. */
  readonly bytes: Uint8Array;
  /** MISSING or another kind of json-word.ts; of the slot behind the last one always MISSING. */
  kind(slot: number): number;
  /** Where the value starts; of a string, inside its quotes. */
  start(slot: number): number;
  /** Where the value ends; of a string, inside its quotes. */
  endOf(slot: number): number;
  /** Points the text at a value, or at its copy without escapes, which is valid until the next line. */
  toText(slot: number, text: Text): void;
}
