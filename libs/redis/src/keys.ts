/**
 * The keys of one shard. All carry the same hash tag, so that a script may touch any of them on a Redis Cluster.
 */
export class Keys {
  constructor(readonly tag = '{sl0}') {}

  /** Prefix for BullMQ. */
  get queuePrefix(): string {
    return this.tag;
  }

  /** Hash: one integer per series. */
  get ledger(): string {
    return `${this.tag}:ledger`;
  }

  /** The bytes of a batch, until they are counted. */
  payload(id: string): string {
    return `${this.tag}:payload:${id}`;
  }

  /** Says that an unkeyed batch has been counted. */
  marker(id: string): string {
    return `${this.tag}:counted:${id}`;
  }

  /** List: the slices of time whose keyed batches are remembered, the oldest first, by their first microsecond. */
  get claims(): string {
    return `${this.tag}:claims`;
  }

  /** Set: the keyed batches counted in that slice. */
  claimSlice(slice: string): string {
    return `${this.claims}:${slice}`;
  }

  /** Epoch microseconds before which keyed batches were forgotten for want of memory. */
  get claimsForgotten(): string {
    return `${this.claims}-forgotten`;
  }

  /** Set: the names that have a label value of their own. */
  names(label: string, source: string): string {
    return `${this.tag}:names:${label}:${source}`;
  }

  /** Hash: what is known of each dead batch. */
  get dead(): string {
    return `${this.tag}:dead`;
  }

  /** The bytes of a dead batch. */
  deadPayload(id: string): string {
    return `${this.tag}:dead:${id}`;
  }

  /** Sorted set: dead batches by the epoch milliseconds at which they died. */
  get deadTimes(): string {
    return `${this.tag}:dead-times`;
  }

  /** How many bytes dead batches take. */
  get deadBytes(): string {
    return `${this.tag}:dead-bytes`;
  }

  /** Hash: batches that left the dead ones for the queue, until their jobs are there. */
  get replays(): string {
    return `${this.tag}:replays`;
  }

  /** Sorted set: the newest lines that were rejected for a reason, by epoch milliseconds. */
  rejectedLines(source: string, reason: string): string {
    return `${this.tag}:rejected:${source}:${reason}`;
  }

  /** What callers are hashed with: eight random bytes. */
  get conductKey(): string {
    return `${this.tag}:conduct-key`;
  }

  /**
   * Hash: what waits of a source until its callers are judged. `judged` is the newest slice of time that was, `bytes` what
   * waits in all; of each slice that waits, `requests:` and `bytes:` and its number.
   */
  conduct(source: string): string {
    return `${this.tag}:conduct:${source}`;
  }

  /** List: the pieces of a slice that waits, one of each batch. */
  conductPieces(source: string, slice: number): string {
    return `${this.conduct(source)}:${slice}`;
  }

  /** What is known of the callers of a source, compressed. */
  conductState(source: string): string {
    return `${this.conduct(source)}:state`;
  }

  /** Who judges the callers of a source now, while it is there. */
  conductLease(source: string): string {
    return `${this.conduct(source)}:lease`;
  }

  /** List: what batches tell of devices at once, in a slice of time. */
  glances(source: string, slice: number | ''): string {
    return `${this.tag}:glances:${source}:${slice}`;
  }

  /** Set: the fields of the ledger of devices that seem to be under maintenance. */
  suspectedDevices(source: string): string {
    return `${this.conduct(source)}:suspected`;
  }

  /** Sorted set: writes that may have been done twice, by the epoch milliseconds of the second one. */
  suspects(source: string): string {
    return `${this.tag}:suspects:${source}`;
  }
}
