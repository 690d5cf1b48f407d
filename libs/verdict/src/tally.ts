import {
  FIRST_REJECTION,
  NO_STATUS,
  OUTCOMES,
  READ,
  lineSample,
  type Rejection,
  type Request,
} from '#access-log';
import { VERDICTS, type Catalogue } from '#catalogue';
import { EvidenceSeen } from './evidence-seen.js';
import { Histogram } from './histogram.js';
import type { Lens } from './lens.js';
import { OPERATIONS, operationOf } from './operation.js';
import { durationSeries, verdictSeries } from './series.js';
import { WhoIsHit, type Consumers } from './who-is-hit.js';

/** Bounds of the histograms, in the units of a request: microseconds, seconds, milliseconds. */
export interface Buckets {
  readonly durationMicros: readonly number[];
  readonly retryAfterSeconds: readonly number[];
  readonly delayMs: readonly number[];
}

/** When a batch came and is counted, epoch milliseconds, and from which age on a line is late. */
export interface Moment {
  readonly receivedAt: number;
  readonly now: number;
  readonly lateAfterMs: number;
}

/** What is told of each line that a reader finds; a tally counts it. */
export interface Counts {
  /** Whether it looks at verdicts alone: then no tree has to match a path. */
  readonly isOfVerdicts?: boolean;
  /** @param request the tree of the vendor has just matched its path, and still knows its route and its device */
  classify(cell: number, request: Request): void;
  ignore(): void;
  /**
   * A request that ended without a status, which is passed, too: judged as a 499, as the gateways that have a status for a
   * client that left log it.
   */
  unanswered?(cell: number, request: Request): void;
  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void;
}

/** Every reason for which a line can be rejected. */
export const REJECTIONS = OUTCOMES.slice(FIRST_REJECTION) as readonly Rejection[];

/** Verdicts after which nobody asks for what failed before. */
export const WENT_WELL = ['ok', 'accepted'] as const;
const WENT_WELL_IDS = new Set<number>(WENT_WELL.map((verdict) => VERDICTS.indexOf(verdict)));
export const FIRST_FAILURE = 400;
const STATUSES = 600;
/** Clocks that agree better than this are not worth a word. */
export const TOLERATED_SKEW_MS = 60_000;

/**
 * The counts of one batch: integers in arrays at the places of cells and series, so that counting a line touches a
 * few numbers and allocates nothing. Names come in when the batch is committed.
 */
export class Tally implements Counts {
  classified = 0;
  ignored = 0;
  late = 0;
  /** Dated after their receipt: a clock or a time zone is wrong. */
  future = 0;
  /** Newest event, not newer than its receipt: one line dated 2099 must not silence a source. -1 without any. */
  lastEventMs = -1;
  readonly rejected = new Uint32Array(OUTCOMES.length);
  readonly durations: Histogram;
  readonly retryAfter: Histogram;
  readonly delays: Histogram;
  readonly evidence = new EvidenceSeen();
  readonly hit: WhoIsHit;
  private readonly recoveredCounts: Uint32Array;
  private readonly counts: Uint32Array;
  private readonly touched: number[] = [];
  private readonly lateCounts: Uint32Array;
  private readonly samples = new Map<number, string>();

  readonly catalogue: Catalogue;

  constructor(
    { catalogue, routes }: Lens,
    buckets: Buckets,
    private readonly moment: Moment,
    consumers: Consumers,
  ) {
    this.catalogue = catalogue;
    const vendors = catalogue.vendors.length;
    this.counts = new Uint32Array(catalogue.cellCount);
    this.lateCounts = new Uint32Array(catalogue.cellCount);
    this.durations = new Histogram(vendors * VERDICTS.length * OPERATIONS.length, buckets.durationMicros);
    this.retryAfter = new Histogram(vendors, buckets.retryAfterSeconds);
    this.delays = new Histogram(1, buckets.delayMs);
    this.hit = new WhoIsHit(catalogue, routes, consumers);
    this.recoveredCounts = new Uint32Array(vendors * STATUSES);
  }

  /** Counts a request that was judged. */
  classify(cell: number, request: Request): void {
    this.classified++;
    if (this.counts[cell]!++ === 0) this.touched.push(cell);
    const vendor = this.catalogue.vendorIdOf(cell);
    const verdict = this.catalogue.verdictId(cell);
    const series = verdictSeries(vendor, verdict);
    this.evidence.add(request);
    this.hit.add(request, vendor, verdict, series);
    if (request.attemptCount > 0 && WENT_WELL_IDS.has(verdict)) this.countRecovered(vendor, request);
    if (request.durationMicros >= 0)
      this.durations.observe(durationSeries(series, operationOf(request.method)), request.durationMicros);
    if (request.retryAfter >= 0) this.retryAfter.observe(vendor, request.retryAfter);
    if (request.timeMs >= 0) this.countTime(cell, request.timeMs);
  }

  /** Counts a request that is no traffic of callers, as the settings say. */
  ignore(): void {
    this.ignored++;
  }

  /**
   * Counts a line that has no status or could not be read.
   * @param outcome an index of OUTCOMES, not READ; @param bytes shown as the sample of its reason if it is the first
   */
  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    if (outcome === NO_STATUS) {
      this.ignored++;
      return;
    }
    if (outcome === READ) throw new RangeError('a line that was read must be classified');
    if (this.rejected[outcome]!++ === 0) this.samples.set(outcome, lineSample(bytes, start, end));
  }

  /** Cells that were hit and how often, in the order of their first hits. */
  *cells(): Generator<readonly [cell: number, count: number]> {
    for (const cell of this.touched) yield [cell, this.counts[cell]!];
  }

  /** Cells of late requests and how many there were. */
  *lateCells(): Generator<readonly [cell: number, count: number]> {
    for (const cell of this.touched) if (this.lateCounts[cell]! > 0) yield [cell, this.lateCounts[cell]!];
  }

  /** Reasons for which lines were rejected, how many and the beginning of one of them, without its secrets. */
  *rejections(): Generator<{ readonly reason: Rejection; readonly count: number; readonly sample: string }> {
    for (let i = FIRST_REJECTION; i < OUTCOMES.length; i++)
      if (this.rejected[i]! > 0)
        yield {
          reason: OUTCOMES[i] as Rejection,
          count: this.rejected[i]!,
          sample: this.samples.get(i) ?? '',
        };
  }

  get rejectedLines(): number {
    return this.rejected.reduce((sum, count) => sum + count, 0);
  }

  /** Attempts that failed before one that went well, by vendor and status. */
  *recovered(): Generator<readonly [vendor: string, code: number, count: number]> {
    for (let i = 0; i < this.recoveredCounts.length; i++)
      if (this.recoveredCounts[i]! > 0)
        yield [this.catalogue.vendors[Math.floor(i / STATUSES)]!, i % STATUSES, this.recoveredCounts[i]!];
  }

  private countRecovered(vendor: number, { earlierAttempts, attemptCount }: Request): void {
    for (let i = 0; i < attemptCount; i++)
      if (earlierAttempts[i]! >= FIRST_FAILURE)
        this.recoveredCounts[vendor * STATUSES + earlierAttempts[i]!]!++;
  }

  private countTime(cell: number, timeMs: number): void {
    const { now, receivedAt, lateAfterMs } = this.moment;
    const delay = Math.max(0, now - timeMs);
    this.delays.observe(0, delay);
    if (timeMs > receivedAt + TOLERATED_SKEW_MS) this.future++;
    this.lastEventMs = Math.max(this.lastEventMs, Math.min(timeMs, receivedAt));
    if (delay <= lateAfterMs) return;
    this.late++;
    this.lateCounts[cell]!++;
  }
}
