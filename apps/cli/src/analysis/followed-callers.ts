import type { Request } from '#access-log';
import { Conduct, StepWriter, settledSlice, type ConductPolicy, type Findings } from '#conduct';
import { ledgerField } from '#metric-names';
import type { Consumers, Lens } from '#verdict';

/**
 * Pieces are cut after so many requests, as a worker cuts them after a batch; or if a few are further apart than a writer
 * keeps pieces for.
 */
const BATCH_REQUESTS = 20_000;
const FEW_REQUESTS = 500;
const BATCH_MS = 4_000_000;
/** Steps that wait until their time is judged; beyond it the oldest are judged early. */
const MOST_WAITING_BYTES = 64 * 1024 ** 2;

/** What callers are followed by. */
export interface Following {
  /** The first label of every metric. */
  readonly source: string;
  readonly lens: Lens;
  readonly consumers: Consumers;
  readonly policy: ConductPolicy;
  /** So much later a line may stand in a log than one that ended at the same time. */
  readonly lateAfterMs: number;
  /** Epoch milliseconds: nothing can have ended much later. */
  readonly now: number;
}

/** Whoever wants to know what callers did. */
export interface Watcher {
  /** Told of each slice of time that was judged, in their order. */
  onSlice(slice: number, findings: Findings): void;
  /** Told of requests that could not be followed. */
  onSkipped(field: string, requests: number): void;
}

/** Follows callers through log files as a worker and the judge of its steps do, without Redis. */
export class FollowedCallers {
  private readonly conduct: Conduct;
  private readonly waiting = new Map<number, Uint8Array[]>();
  private waitingBytes = 0;
  private judged = -Infinity;
  private writer: StepWriter;
  private written = 0;
  private begunMs = 0;
  private reachedMs = -Infinity;

  constructor(
    private readonly following: Following,
    private readonly watchers: readonly Watcher[],
  ) {
    this.conduct = new Conduct(following.source, following.policy);
    this.writer = this.newWriter();
  }

  readonly look = (cell: number, request: Request): void => {
    const isFar = this.written >= FEW_REQUESTS && Math.abs(request.timeMs - this.begunMs) > BATCH_MS;
    if (isFar || this.written === BATCH_REQUESTS) {
      this.cut();
      this.judgeUntil(settledSlice(this.reachedMs, this.following.lateAfterMs));
    }
    if (this.written++ === 0) this.begunMs = request.timeMs;
    this.writer.add(cell, request);
  };

  /** @param reachedMs until when the logs have been read; what is older than that by late_after is judged before long */
  settle(reachedMs: number): void {
    this.reachedMs = reachedMs;
  }

  /** Judges all that is left. What callers have not done by the end of the log is not held against them. */
  end(): void {
    this.cut();
    this.judgeUntil(Infinity);
  }

  private newWriter(): StepWriter {
    const { lens, consumers, now } = this.following;
    return new StepWriter(lens, consumers, now);
  }

  private cut(): void {
    for (const { slice, requests, steps } of this.writer.pieces())
      if (slice <= this.judged) this.skip('late', requests);
      else this.keep(slice, steps);
    for (const [reason, requests] of Object.entries(this.writer.skipped)) this.skip(reason, requests);
    this.writer = this.newWriter();
    this.written = 0;
    while (this.waitingBytes > MOST_WAITING_BYTES) this.judge(Math.min(...this.waiting.keys()));
  }

  private keep(slice: number, steps: Uint8Array): void {
    const pieces = this.waiting.get(slice);
    if (pieces) pieces.push(steps);
    else this.waiting.set(slice, [steps]);
    this.waitingBytes += steps.length;
  }

  private skip(reason: string, requests: number): void {
    if (requests === 0) return;
    const field = ledgerField('conductSkipped', this.following.source, reason);
    for (const watcher of this.watchers) watcher.onSkipped(field, requests);
  }

  private judgeUntil(last: number): void {
    const due = [...this.waiting.keys()].filter((slice) => slice <= last).sort((a, b) => a - b);
    for (const slice of due) this.judge(slice);
  }

  private judge(slice: number): void {
    const pieces = this.waiting.get(slice)!;
    this.waiting.delete(slice);
    for (const { length } of pieces) this.waitingBytes -= length;
    this.judged = slice;
    const findings = this.conduct.judge(slice, pieces);
    for (const watcher of this.watchers) watcher.onSlice(slice, findings);
  }
}
