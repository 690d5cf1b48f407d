import type { Fault } from './faults.js';
import type { Acknowledged, Sent } from './sender.js';
import type { Fsync, RedisEnd } from './watched-redis.js';

export interface Plan {
  readonly seed: number;
  /** Lines of each source, at least. */
  readonly lines: number;
  /** So often something is killed or loses power; the senders go on until then. */
  readonly kills: number;
  readonly fsync: Fsync;
  readonly linesPerBatch: number;
}

/** What one source sent and what became of it, in lines unless said otherwise. */
export interface SourceOutcome {
  readonly source: string;
  readonly keyed: boolean;
  readonly sent: Sent;
  readonly acknowledged: number;
  readonly classified: number;
  readonly rejected: number;
  readonly ignored: number;
  /** The three together, in the ledger. */
  readonly counted: number;
  /** Acknowledged batches that were never counted. */
  readonly lost: readonly Acknowledged[];
  /** Batches: accepted − committed − duplicate − dead. */
  readonly unbalanced: number;
  /** What the exporter shows, and what a Prometheus that scraped all along shows by difference. */
  readonly shown: number;
  readonly inPrometheus: number;
}

/** What is there at the end. */
export interface Reckoning {
  readonly sources: readonly SourceOutcome[];
  /** Falls of counters that Prometheus has seen. */
  readonly resets: number;
  /** Jobs that are still in the queue, and payloads that will not go away by themselves. */
  readonly leftJobs: number;
  readonly leftPayloads: number;
  /** What is known of each dead batch; there should be none. */
  readonly dead: readonly string[];
  readonly versions: { readonly redis: string; readonly prometheus: string };
}

/** A run that is over. */
export interface Outcome extends Reckoning {
  readonly plan: Plan;
  readonly seconds: number;
  /** In the order in which they happened. */
  readonly faults: readonly Fault[];
  readonly redisEnds: readonly RedisEnd[];
  /** How long the longest sync of the append-only file took, in milliseconds. */
  readonly longestSync: number;
  /** Counters of /metrics that were seen to fall. */
  readonly backwards: readonly string[];
  readonly pages: number;
}

export const sumOfLines = (batches: readonly Acknowledged[]): number =>
  batches.reduce((sum, { lines }) => sum + lines, 0);

/** How many of these kill something or cut its power. */
export const killsIn = (faults: readonly Fault[]): number =>
  faults.filter(({ kills }) => kills.length > 0).length;
