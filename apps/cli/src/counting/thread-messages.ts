import type { VendorFile } from '#catalogue';
import type { Writing } from '#verdict';
import type { Counting } from './log-counts.js';

/** What a thread is made for. */
export interface Task {
  /** Of SharedBlocks. */
  readonly memory: SharedArrayBuffer;
  readonly vendorFiles: readonly VendorFile[];
  /** Without functions, which cannot be sent to a thread. */
  readonly counting: Counting;
}

/**
 * What a thread is told next: a file begins, a block of whole lines of it has been written, or there are no more. It
 * answers with one message when it has begun, and with a CountedLog at the end.
 */
export type Told =
  | { readonly writing: Writing }
  | { readonly piece: number; readonly length: number }
  | { readonly isEnd: true };
