import type { Findings } from './findings.js';
import type { NotedStep, Step } from './step.js';

/** What is expected of callers, and how much is remembered of them. Durations in milliseconds. */
export interface ConductPolicy {
  /** A repeat counts as a retry within this time after the end, or after the promised wait. */
  readonly retryWindowMs: number;
  /** A job that nobody has asked for by then is forgotten. */
  readonly jobWithinMs: number;
  /** Faster polls are too fast. */
  readonly pollIntervalMs: number;
  /** Maintenance is suspected where at least so many callers of a device are refused. */
  readonly maintenanceCallers: number;
  /** How many operations, jobs, callers … each tracker remembers; beyond it the oldest are forgotten, and counted. */
  readonly maxOperations: number;
  /** Seconds without a request after which a session ends by itself, by vendor, where its document says. */
  readonly sessionIdle: ReadonlyMap<string, number>;
  /** Vendors whose document tells where to ask for a job: of others no log shows whether anybody asks. */
  readonly jobVendors: ReadonlySet<string>;
}

/** Whatever JSON can hold. */
export type Saved = null | boolean | number | string | readonly Saved[] | { readonly [key: string]: Saved };

/** What a tracker remembers. An entry of a list is small, but there may be many of them. */
export type SavedLists = readonly (readonly Saved[])[];

/**
 * Follows one kind of conduct through the steps of a source. It is told of every step in the order of their ends, so it
 * never has to look back; what it remembers is bounded, and outlives the process by `save`.
 */
export interface Tracker {
  /** A request that went well, of which nothing but its operation was kept. */
  plain?(step: Step, findings: Findings): void;
  noted(step: NotedStep, findings: Findings): void;
  /** Every step that ended before then has been seen; whatever waited for a step that did not come is over. */
  settle(untilMs: number, findings: Findings): void;
  /** All that it needs to go on elsewhere. Equal states are equal lists. */
  save(): SavedLists;
}

/** A tracker is one file and one row of `conduct.ts`. @param saved what `save` returned, undefined at the beginning */
export type TrackerKind = new (policy: ConductPolicy, saved: SavedLists | undefined) => Tracker;
