import { LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { PromQL } from './promql.js';

const BATCHES = (matchers: string): string => `${LEDGER_METRICS.batches.name}{${matchers}}`;

/** Batches that are missing: 0 as long as accepted = committed + duplicate + dead + queued. */
export const missingBatches = (promql: PromQL): string => `${promql.sum([], BATCHES('outcome="accepted"'))}
- ${promql.sum([], BATCHES('outcome!="accepted"'))}
- ${promql.sum([], SCRAPED_METRICS.queueBatches.name)}`;
