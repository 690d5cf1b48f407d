import { LEDGER_METRICS, OTHER, ledgerField, parseLedgerField, type LedgerEntry } from '#metric-names';
import type { Pairs } from '#redis';
import type { Judged } from './judge-slices.js';

/** What was counted in a stretch of time, and what had to be left out of it. */
export const additionsOf = (
  source: string,
  { findings, unreadable, isAnew }: Omit<Judged, 'state'>,
): Pairs => [
  ...findings.flatMap(({ additions }) => additions),
  ...(unreadable > 0 ? [[ledgerField('conductSkipped', source, 'unreadable'), unreadable] as const] : []),
  ...(isAnew ? [[ledgerField('conductForgotten', source), 1] as const] : []),
];

/** What gauges are at the end of a stretch of time. */
export const gaugesOf = (findings: Judged['findings']): ReadonlyMap<string, number> =>
  new Map(findings.flatMap(({ gauges }) => gauges));

/** The devices that gauges tell apart. */
export const devicesOf = (gauges: ReadonlyMap<string, number>): string[] =>
  [...gauges.keys()].map((field) => deviceOf(field) ?? '').filter((device) => device !== '');

/** Devices without a label value of their own are summed up as one. */
export function foldedGauges(gauges: ReadonlyMap<string, number>, known: ReadonlySet<string>): Pairs {
  const folded = new Map<string, number>();
  for (const [field, value] of gauges) {
    const device = deviceOf(field) ?? '';
    const told = device === '' || known.has(device) ? field : withDevice(field, OTHER);
    folded.set(told, (folded.get(told) ?? 0) + value);
  }
  return [...folded];
}

function deviceOf(field: string): string | undefined {
  const entry = parseLedgerField(field);
  return entry?.labels[placeOfDevice(entry)];
}

function withDevice(field: string, device: string): string {
  const entry = parseLedgerField(field)!;
  return ledgerField(entry.metric, ...entry.labels.with(placeOfDevice(entry), device));
}

/** -1 where the metric does not tell devices apart. */
const placeOfDevice = ({ metric }: LedgerEntry): number =>
  (LEDGER_METRICS[metric].labels as readonly string[]).indexOf('device');
