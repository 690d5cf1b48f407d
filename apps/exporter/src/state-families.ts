import { SCRAPED_METRICS } from '#metric-names';
import { family, type Family } from './exposition.js';

/** How sure it is that counters never go back. */
export const stateFamilies = (regressions: number, isKept: boolean): Family[] => [
  family(SCRAPED_METRICS.ledgerRegressions, [{ labels: {}, value: regressions }]),
  family(SCRAPED_METRICS.stateKept, [{ labels: {}, value: isKept ? 1 : 0 }]),
];
