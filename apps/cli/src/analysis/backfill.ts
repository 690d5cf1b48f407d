import type { Request } from '#access-log';
import { endOfSlice, type Findings } from '#conduct';
import { CONDUCT_METRICS, LEDGER_METRICS, parseLedgerField, type LedgerMetric } from '#metric-names';
import { tallyFields, type Counts, type Tally } from '#verdict';
import type { Watcher } from './followed-callers.js';
import { StepPoints } from './step-points.js';

/** What a log can tell afterwards; the other metrics tell how lines came to statuslens. */
const OF_REQUESTS = [
  'requests',
  'undocumented',
  'recovered',
  'device',
  'consumer',
  'route',
  'duration',
  'retryAfter',
  'evidence',
  'lines',
  'rejected',
] as const satisfies readonly LedgerMetric[];
const OF_CALLERS = (Object.keys(CONDUCT_METRICS) as (keyof typeof CONDUCT_METRICS)[]).filter(
  (metric) => metric !== 'conductSettled',
);
const BACKFILLED = new Set<LedgerMetric>([...OF_REQUESTS, ...OF_CALLERS]);

/** Steps whose requests are still being counted: lines of a log are not quite in order. */
const OPEN_STEPS = 4;

/** What a ledger would have grown by, step by step, if the lines had been counted when they were logged. */
export class Backfill implements Counts, Watcher {
  readonly points: StepPoints;
  /** By when their steps begin. */
  private readonly open = new Map<number, Tally>();
  private readonly devices = new Set<string>();
  /** Where lines without a time stand: with the one before. */
  private current: Tally | undefined;
  private currentStart = NaN;

  /**
   * @param source the first label of every metric
   * @param maxDevices so many devices have names
   */
  constructor(
    private readonly source: string,
    stepMs: number,
    private readonly maxDevices: number,
    private readonly newTally: () => Tally,
  ) {
    this.points = new StepPoints(stepMs);
  }

  classify(cell: number, request: Request): void {
    if (request.timeMs < 0) return;
    const start = this.points.startOf(request.timeMs);
    if (start !== this.currentStart) this.turnTo(start);
    this.current!.classify(cell, request);
  }

  ignore(): void {
    this.current?.ignore();
  }

  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    this.current?.pass(outcome, bytes, start, end);
  }

  onSlice(slice: number, { additions, gauges }: Findings): void {
    const timeMs = endOfSlice(slice) - 1;
    for (const [field, amount] of additions) if (isBackfilled(field)) this.points.add(field, timeMs, amount);
    for (const [field, value] of gauges) if (isBackfilled(field)) this.points.set(field, timeMs, value);
  }

  /** A request that is skipped may have no time. */
  onSkipped(): void {}

  /** Counts what is still open. */
  end(): void {
    for (const start of this.open.keys()) this.close(start);
    this.current = undefined;
    this.currentStart = NaN;
  }

  private turnTo(start: number): void {
    this.current = this.open.get(start) ?? this.begin(start);
    this.currentStart = start;
  }

  private begin(start: number): Tally {
    if (this.open.size === OPEN_STEPS) this.close(Math.min(...this.open.keys()));
    const tally = this.newTally();
    this.open.set(start, tally);
    return tally;
  }

  private close(start: number): void {
    const tally = this.open.get(start)!;
    this.open.delete(start);
    for (const [field, amount] of tallyFields(this.source, tally, (name) => this.isKnown(name)))
      if (isBackfilled(field)) this.points.add(field, start, amount);
  }

  /** The first ones, as in the ledger. */
  private isKnown(device: string): boolean {
    if (this.devices.has(device)) return true;
    if (this.devices.size >= this.maxDevices) return false;
    this.devices.add(device);
    return true;
  }
}

function isBackfilled(field: string): boolean {
  const entry = parseLedgerField(field);
  return entry !== undefined && BACKFILLED.has(entry.metric);
}

/** Metrics in the order in which they are written. */
export const BACKFILLED_METRICS: readonly LedgerMetric[] = (
  Object.keys(LEDGER_METRICS) as LedgerMetric[]
).filter((metric) => BACKFILLED.has(metric));
