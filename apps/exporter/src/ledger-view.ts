import type { LedgerSnapshot } from '#ledger';
import { LEDGER_METRICS, ledgerField, type LedgerMetric, type MetricDefinition } from '#metric-names';
import { balancedOffsets } from './balanced-offsets.js';
import type { Counters, FloorRules, LedgerView } from './floor.js';

/** The floor of the ledger: what belongs together, and which law holds between its counters. */
export const LEDGER_RULES: FloorRules = {
  groupOf: (field) =>
    definitionOf(field)?.type === 'histogram' ? field.slice(0, field.lastIndexOf('|')) : field,
  balanced: balancedOffsets,
};

/** @param jobs how many the queue held shortly before: a law that was broken by a loss must not make it more */
export function ledgerView({ began, at, revision, counters }: LedgerSnapshot, jobs: number): LedgerView {
  const ended = batches(counters, 'committed') + batches(counters, 'dead');
  const arrived = batches(counters, 'accepted') + batches(counters, 'replayed');
  const unended = arrived - batches(counters, 'duplicate') - ended;
  const counting = new Map([...counters].filter(([field]) => isCounter(field)));
  return { began, at, revision, counters: counting, ended, queued: Math.max(0, Math.min(unended, jobs)) };
}

/** Counters as they are shown, and the gauges as they are. */
export function withGauges(shown: Counters, { counters }: LedgerSnapshot): Counters {
  const all = new Map(shown);
  for (const [field, value] of counters) if (!isCounter(field)) all.set(field, value);
  return all;
}

/** What this version does not know is not shown, and may be a gauge. */
const isCounter = (field: string): boolean => (definitionOf(field)?.type ?? 'gauge') !== 'gauge';

const definitionOf = (field: string): MetricDefinition | undefined =>
  LEDGER_METRICS[field.split('|', 1)[0] as LedgerMetric];

function batches(counters: Counters, outcome: string): number {
  const prefix = `${ledgerField('batches')}|`;
  let sum = 0;
  for (const [field, value] of counters)
    if (field.startsWith(prefix) && field.endsWith(`|${outcome}`)) sum += value;
  return sum;
}
