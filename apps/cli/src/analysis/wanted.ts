import type { Settings } from '#settings';
import type { Lens, Reading } from '#verdict';
import type { Span } from '../hours.js';
import type { KindName } from './grouping.js';

/** What is wanted of a log. */
export interface Wanted {
  readonly span: Partial<Span>;
  /** Groups by what the requests are about, or by stretches of time. */
  readonly by: readonly (KindName | { readonly text: string; readonly widthMs: number })[];
  /** What callers did next, and who had most trouble. */
  readonly conduct: boolean;
  /** Requests over time. */
  readonly timeline: boolean;
  /** How the ledger would have grown in such steps. */
  readonly stepMs: number | undefined;
}

/** How a log is read, and what of the settings matters to that. */
export interface Surroundings {
  readonly lens: Lens;
  readonly source: string;
  readonly reading: Reading;
  /** What `ignore.hasAddress` of the reading looks for. */
  readonly ignoredAddresses: readonly string[];
  readonly maxDevices: number;
  readonly conduct: Settings['conduct'];
  readonly lateAfterMs: number;
  readonly maxLineBytes: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Whether each line can be counted by itself, whatever stands before it. */
export const isCountedAlone = ({ by, conduct, timeline, stepMs }: Wanted): boolean =>
  by.length === 0 && !conduct && !timeline && stepMs === undefined;
