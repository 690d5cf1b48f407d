import fc from 'fast-check';
import { BATCH_OUTCOMES, ledgerField } from '#metric-names';
import { balancedOffsets } from './balanced-offsets.js';

const SOURCES = ['edge', 'core'];
const METRICS = ['batches', 'batchBytes'] as const;

const offsets = fc
  .array(
    fc.tuple(
      fc.constantFrom(...METRICS),
      fc.constantFrom(...SOURCES),
      fc.constantFrom(...BATCH_OUTCOMES),
      fc.nat(9),
    ),
  )
  .map(
    (all) =>
      new Map(all.map(([metric, source, outcome, value]) => [ledgerField(metric, source, outcome), value])),
  );

it('makes accepted + replayed = committed + duplicate + dead, and never lowers anything', () => {
  fc.assert(
    fc.property(offsets, (before) => {
      const after = balancedOffsets(before);
      const of = (metric: (typeof METRICS)[number], source: string, outcome: string): number =>
        after.get(ledgerField(metric, source, outcome)) ?? 0;
      for (const [field, value] of before) expect(after.get(field)).toBeGreaterThanOrEqual(value);
      for (const source of SOURCES) {
        if (!before.has(ledgerField('batches', source, 'accepted'))) continue;
        for (const metric of METRICS)
          expect(of(metric, source, 'accepted') + of(metric, source, 'replayed')).toBe(
            of(metric, source, 'committed') + of(metric, source, 'duplicate') + of(metric, source, 'dead'),
          );
      }
    }),
  );
});

it('tells of batches that were accepted and are gone', () => {
  const before = new Map([
    [ledgerField('batches', 'edge', 'accepted'), 10],
    [ledgerField('batches', 'edge', 'committed'), 7],
    [ledgerField('batches', 'edge', 'dead'), 1],
    [ledgerField('batchBytes', 'edge', 'accepted'), 1000],
    [ledgerField('batchBytes', 'edge', 'committed'), 800],
  ]);
  const after = balancedOffsets(before);
  expect(after.get(ledgerField('batches', 'edge', 'dead'))).toBe(3);
  expect(after.get(ledgerField('batchBytes', 'edge', 'dead'))).toBe(200);
  expect(after.get(ledgerField('deadBatches', 'edge', 'payload_lost'))).toBe(2);
});
