import { OTHER, bucketField, ledgerField, sumField, type LedgerMetric } from '#metric-names';
import type { Histogram } from './histogram.js';
import { lateField } from './late-field.js';
import { durationLabels } from './series.js';
import type { Tally } from './tally.js';

/** Pairs of a field of the ledger and an integer. */
export type Fields = [field: string, amount: number][];

/**
 * The numbers of a tally under the names of their series: what a batch adds to the ledger.
 * @param isKnownDevice whether a device has a label value of its own
 */
export function tallyFields(
  source: string,
  tally: Tally,
  isKnownDevice: (name: string) => boolean = () => true,
): Fields {
  const sums = new Map<string, number>();
  const add = (field: string, amount: number): void => {
    if (amount > 0) sums.set(field, (sums.get(field) ?? 0) + amount);
  };
  const { catalogue } = tally;
  addRequests(source, tally, add);
  addLines(source, tally, add);
  addWhoIsHit(source, tally, isKnownDevice, add);
  addHistogram('duration', tally.durations, (series) => [source, ...durationLabels(catalogue, series)], add);
  addHistogram('retryAfter', tally.retryAfter, (vendor) => [source, catalogue.vendors[vendor]!], add);
  addHistogram('delay', tally.delays, () => [source], add);
  return [...sums];
}

/** The newest event of a tally, under the name of its gauge. */
export const tallyMaxima = (source: string, { lastEventMs }: Tally): Fields =>
  lastEventMs < 0 ? [] : [[ledgerField('lastEvent', source), lastEventMs]];

type Add = (field: string, amount: number) => void;

function addRequests(source: string, tally: Tally, add: Add): void {
  const { catalogue } = tally;
  for (const [cell, count] of tally.cells()) {
    const vendor = catalogue.vendorName(cell);
    const { verdict, reason, responsible, action, origin } = catalogue.judgement(cell);
    const code = catalogue.code(cell);
    add(ledgerField('requests', source, vendor, code, verdict, reason, responsible, action, origin), count);
    if (catalogue.isDrift(cell)) add(ledgerField('undocumented', source, vendor, origin), count);
  }
  for (const [vendor, code, count] of tally.recovered())
    add(ledgerField('recovered', source, vendor, code), count);
}

function addWhoIsHit(
  source: string,
  { hit, evidence }: Tally,
  isKnownDevice: (name: string) => boolean,
  add: Add,
): void {
  for (const [labels, count] of hit.routes()) add(ledgerField('route', source, ...labels), count);
  for (const [[vendor, device, verdict], count] of hit.devices())
    add(ledgerField('device', source, vendor, isKnownDevice(device) ? device : OTHER, verdict), count);
  for (const [labels, count] of hit.consumers()) add(ledgerField('consumer', source, ...labels), count);
  for (const [field, state, count] of evidence.entries())
    add(ledgerField('evidence', source, field, state), count);
}

function addLines(source: string, tally: Tally, add: Add): void {
  add(ledgerField('lines', source, 'classified'), tally.classified);
  add(ledgerField('lines', source, 'ignored'), tally.ignored);
  add(ledgerField('lines', source, 'rejected'), tally.rejectedLines);
  for (const { reason, count } of tally.rejections()) add(ledgerField('rejected', source, reason), count);
  add(ledgerField('lateLines', source), tally.late);
  add(ledgerField('futureLines', source), tally.future);
  for (const [cell, count] of tally.lateCells())
    add(lateField(source, tally.catalogue.vendorName(cell), tally.catalogue.judgement(cell)), count);
}

/** What is added is an exact integer, even to a sum that a log in wrong units has made larger. */
function addHistogram(
  metric: LedgerMetric,
  histogram: Histogram,
  labels: (series: number) => readonly string[],
  add: Add,
): void {
  for (const [series, bucket, count] of histogram.hits())
    add(bucketField(metric, bucket, ...labels(series)), count);
  for (const [series, sum] of histogram.totals())
    add(sumField(metric, ...labels(series)), Math.min(sum, Number.MAX_SAFE_INTEGER));
}
