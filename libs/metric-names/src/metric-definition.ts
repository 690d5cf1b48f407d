export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** Upper bounds in the metric's unit, without +Inf. */
  readonly buckets?: readonly number[];
  /** Stored integers per unit: 1e6 where microseconds are stored of a metric in seconds. */
  readonly scale?: number;
}
