import type { VendorFile } from '#catalogue';
import type { Writing } from '#verdict';
import type { Counting } from './log-counts.js';

/** What a thread is to do. */
export interface Task {
  readonly vendorFiles: readonly VendorFile[];
  /** Without functions, which cannot be sent to a thread. */
  readonly counting: Counting;
}

/**
 * What a thread is told, in this order: its task, to which it answers when it is ready; that a file begins, and each block of
 * whole lines of it that was written; that there are no more, to which it answers with a CountedLog.
 */
export type Told =
  | { readonly task: Task }
  | { readonly writing: Writing }
  | { readonly piece: number; readonly length: number }
  | { readonly isEnd: true };
