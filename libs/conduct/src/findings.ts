import {
  LEDGER_METRICS,
  bucketField,
  ledgerField,
  sumField,
  type LedgerMetric,
  type MetricDefinition,
} from '#metric-names';

/** A write that was sent again although nobody knows what became of it the first time. */
export interface Suspect {
  readonly vendor: string;
  readonly device: string;
  readonly method: string;
  /** Without its secrets. */
  readonly path: string;
  /** As the settings name the caller, or empty. */
  readonly consumer: string;
  /** Tells callers apart without naming them. */
  readonly caller: string;
  /** Both carry the same Idempotency-Key: safe if the vendor honours it. */
  readonly isKeyed: boolean;
  readonly first: SuspectRequest;
  readonly again: SuspectRequest;
}

interface SuspectRequest {
  /** When it was answered, epoch milliseconds. */
  readonly at: number;
  /** 499 if it ended without a status. */
  readonly code: number;
  readonly requestId: string;
}

type Labels = readonly (string | number)[];

/** What a stretch of time adds to the ledger: exact integers, in the units in which the ledger stores them. */
export class Findings {
  private readonly sums = new Map<string, number>();
  private readonly now = new Map<string, number>();
  readonly suspects: Suspect[] = [];

  /** @param source the first label of every metric here */
  constructor(private readonly source: string) {}

  /** Counts; labels are those after `source`. */
  count(metric: LedgerMetric, labels: Labels, amount = 1): void {
    this.add(ledgerField(metric, this.source, ...labels), amount);
  }

  /** @param value in the stored unit: bounds of the metric times its scale */
  observe(metric: LedgerMetric, labels: readonly string[], value: number): void {
    const { buckets = [], scale = 1 }: MetricDefinition = LEDGER_METRICS[metric];
    const bucket = buckets.findIndex((bound) => value <= bound * scale);
    this.add(bucketField(metric, bucket < 0 ? buckets.length : bucket, this.source, ...labels), 1);
    this.add(sumField(metric, this.source, ...labels), value);
  }

  /** Says what a gauge is now. */
  set(metric: LedgerMetric, labels: Labels, value: number): void {
    this.now.set(ledgerField(metric, this.source, ...labels), value);
  }

  /** What is added to fields of the ledger. */
  get additions(): [field: string, amount: number][] {
    return [...this.sums];
  }

  /** What fields of the ledger are set to. */
  get gauges(): [field: string, value: number][] {
    return [...this.now];
  }

  private add(field: string, amount: number): void {
    if (amount > 0) this.sums.set(field, (this.sums.get(field) ?? 0) + amount);
  }
}
