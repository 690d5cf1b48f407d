import type { Request } from '#access-log';
import {
  Conduct,
  StepWriter,
  settledSlice,
  type ConductPolicy,
  type Findings,
  type Suspect,
} from '#conduct';
import { ledgerField } from '#metric-names';
import type { Consumers, Lens } from '#verdict';

/** Pieces are cut after so many requests, as a worker cuts them after a batch. */
const BATCH_REQUESTS = 20_000;
/** Steps that wait until their time is judged; beyond it the oldest are judged early. */
const MOST_WAITING_BYTES = 64 * 1024 ** 2;
const MOST_SUSPECTS = 1000;

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

/** Told of each slice of time that was judged. */
export type OnSlice = (slice: number, findings: Findings) => void;

/** Follows callers through log files as a worker and the judge of its steps do, without Redis. */
export class FollowedCallers {
  /** Sums by field of the ledger, and the last values of gauges. */
  readonly counters = new Map<string, number>();
  /** The first ones; `suspectCount` has all. */
  readonly suspects: Suspect[] = [];
  suspectCount = 0;
  private readonly conduct: Conduct;
  private readonly waiting = new Map<number, Uint8Array[]>();
  private waitingBytes = 0;
  private judged = -Infinity;
  private writer: StepWriter;
  private written = 0;

  constructor(
    private readonly following: Following,
    private readonly onSlice: OnSlice,
  ) {
    this.conduct = new Conduct(following.source, following.policy);
    this.writer = this.newWriter();
  }

  readonly look = (cell: number, request: Request): void => {
    this.writer.add(cell, request);
    if (++this.written === BATCH_REQUESTS) this.cut();
  };

  /** @param reachedMs until when the logs have been read */
  settle(reachedMs: number): void {
    if (reachedMs === -Infinity) return;
    this.judgeUntil(settledSlice(reachedMs, this.following.lateAfterMs));
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
    if (requests > 0) this.add([[ledgerField('conductSkipped', this.following.source, reason), requests]]);
  }

  private judgeUntil(last: number): void {
    if (last <= this.judged) return;
    this.cut();
    const due = [...this.waiting.keys()].filter((slice) => slice <= last).sort((a, b) => a - b);
    for (const slice of due) this.judge(slice);
  }

  private judge(slice: number): void {
    const pieces = this.waiting.get(slice)!;
    this.waiting.delete(slice);
    for (const { length } of pieces) this.waitingBytes -= length;
    this.judged = slice;
    const findings = this.conduct.judge(slice, pieces);
    this.add(findings.additions);
    for (const [field, value] of findings.gauges) this.counters.set(field, value);
    this.suspectCount += findings.suspects.length;
    this.suspects.push(...findings.suspects.slice(0, MOST_SUSPECTS - this.suspects.length));
    this.onSlice(slice, findings);
  }

  private add(additions: readonly (readonly [field: string, amount: number])[]): void {
    for (const [field, amount] of additions) this.counters.set(field, (this.counters.get(field) ?? 0) + amount);
  }
}
