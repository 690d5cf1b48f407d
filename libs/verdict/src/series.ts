import { VERDICTS, type Catalogue } from '#catalogue';
import { OPERATIONS } from './operation.js';

/** Series numbers of a tally: vendor, verdict and operation packed into one integer, and their names again. */

export const verdictSeries = (vendor: number, verdict: number): number => vendor * VERDICTS.length + verdict;

export const verdictLabels = (catalogue: Catalogue, series: number): [vendor: string, verdict: string] => [
  catalogue.vendors[Math.floor(series / VERDICTS.length)]!,
  VERDICTS[series % VERDICTS.length]!,
];

export const durationSeries = (verdict: number, operation: number): number =>
  verdict * OPERATIONS.length + operation;

export const durationLabels = (
  catalogue: Catalogue,
  series: number,
): [vendor: string, verdict: string, operation: string] => [
  ...verdictLabels(catalogue, Math.floor(series / OPERATIONS.length)),
  OPERATIONS[series % OPERATIONS.length]!,
];
