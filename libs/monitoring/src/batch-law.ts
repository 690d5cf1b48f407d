import { BATCH_ARRIVALS, LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { PromQL } from './promql.js';

const ARRIVED = BATCH_ARRIVALS.join('|');
const BATCHES = (matchers: string): string => `${LEDGER_METRICS.batches.name}{${matchers}}`;

/** Batches that are missing: 0 as long as accepted + replayed = committed + duplicate + dead + queued. */
export const missingBatches = (promql: PromQL): string => `${promql.sum([], BATCHES(`outcome=~"${ARRIVED}"`))}
- ${promql.sum([], BATCHES(`outcome!~"${ARRIVED}"`))}
- ${promql.sum([], SCRAPED_METRICS.queueBatches.name)}`;
