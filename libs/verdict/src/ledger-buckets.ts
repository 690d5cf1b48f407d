import { LEDGER_METRICS, type MetricDefinition } from '#metric-names';
import type { Buckets } from './tally.js';

const stored = ({ buckets = [], scale = 1 }: MetricDefinition): number[] =>
  buckets.map((bound) => Math.round(bound * scale));

/** Bounds of the histograms of the ledger, in the units in which a tally observes. */
export const LEDGER_BUCKETS: Buckets = {
  durationMicros: stored(LEDGER_METRICS.duration),
  retryAfterSeconds: stored(LEDGER_METRICS.retryAfter),
  delayMs: stored(LEDGER_METRICS.delay),
};
