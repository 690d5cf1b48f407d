import { ledgerField } from '#metric-names';
import type { Counters } from './floor.js';

const ENDS = ['committed', 'duplicate', 'dead'] as const;

/**
 * Raises offsets until accepted = committed + duplicate + dead holds for them too, by source, in batches and in bytes.
 * A batch that was accepted and has come to no end, and that the ledger no longer knows, is lost: dead, and loudly.
 */
export function balancedOffsets(offsets: Counters): Counters {
  const balanced = new Map(offsets);
  const raise = (field: string, by: number): void =>
    void balanced.set(field, (balanced.get(field) ?? 0) + by);
  for (const source of sourcesOf(offsets)) {
    const batches = unended(offsets, 'batches', source);
    if (batches > 0) raise(ledgerField('deadBatches', source, 'payload_lost'), batches);
    for (const metric of ['batches', 'batchBytes'] as const) {
      const missing = unended(offsets, metric, source);
      if (missing !== 0)
        raise(ledgerField(metric, source, missing > 0 ? 'dead' : 'accepted'), Math.abs(missing));
    }
  }
  return balanced;
}

/** What was accepted and came to no end. */
function unended(offsets: Counters, metric: 'batches' | 'batchBytes', source: string): number {
  const of = (outcome: string): number => offsets.get(ledgerField(metric, source, outcome)) ?? 0;
  return ENDS.reduce((rest, outcome) => rest - of(outcome), of('accepted'));
}

function sourcesOf(offsets: Counters): Set<string> {
  const prefix = `${ledgerField('batches')}|`;
  const sources = new Set<string>();
  for (const field of offsets.keys())
    if (field.startsWith(prefix)) sources.add(field.slice(prefix.length, field.lastIndexOf('|')));
  return sources;
}
