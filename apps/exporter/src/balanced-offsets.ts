import { BATCH_ARRIVALS, BATCH_ENDS, ledgerField } from '#metric-names';
import type { Counters } from './floor.js';

/**
 * Raises offsets until accepted + replayed = committed + duplicate + dead holds for them too, by source, in batches and in bytes.
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

/** What was accepted or replayed and came to no end. */
function unended(offsets: Counters, metric: 'batches' | 'batchBytes', source: string): number {
  const of = (outcome: string): number => offsets.get(ledgerField(metric, source, outcome)) ?? 0;
  const arrived = BATCH_ARRIVALS.reduce((sum, outcome) => sum + of(outcome), 0);
  return BATCH_ENDS.reduce((rest, outcome) => rest - of(outcome), arrived);
}

function sourcesOf(offsets: Counters): Set<string> {
  const prefix = `${ledgerField('batches')}|`;
  const sources = new Set<string>();
  for (const field of offsets.keys())
    if (field.startsWith(prefix)) sources.add(field.slice(prefix.length, field.lastIndexOf('|')));
  return sources;
}
