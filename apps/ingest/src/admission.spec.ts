import fc from 'fast-check';
import { crowding, type Crowding } from './admission.js';
import { SourceBytes } from './source-bytes.js';

const MARK = 1000;

const asked = (queued: SourceBytes, source: string, sources: number): Crowding | undefined =>
  crowding({ mark: MARK, total: queued.total, own: queued.of(source), busy: queued.busy, sources });

describe('crowding', () => {
  it.each([
    ['anybody below half of the mark', { total: 499, own: 499, busy: 1, sources: 2 }, undefined],
    ['a lone source of two at half of the mark', { total: 500, own: 500, busy: 1, sources: 2 }, 'over_share'],
    ['the only source there is', { total: 999, own: 999, busy: 1, sources: 1 }, undefined],
    ['a source below its share of three', { total: 900, own: 333, busy: 3, sources: 3 }, undefined],
    ['a source at its share of four', { total: 900, own: 250, busy: 3, sources: 9 }, 'over_share'],
    ['anybody at the mark', { total: 1000, own: 0, busy: 1, sources: 2 }, 'full'],
  ])('%s', (_, load, expected) => {
    expect(crowding({ mark: MARK, ...load })).toBe(expected);
  });

  const sources = fc.integer({ min: 1, max: 6 });
  const steps = fc.array(
    fc.record({ source: fc.nat(5), bytes: fc.integer({ min: 1, max: 400 }), drained: fc.nat(3) }),
    { maxLength: 200 },
  );

  it('lets a quiet source in while there is room, and no more than one body over the mark', () => {
    fc.assert(
      fc.property(sources, steps, (count, events) => {
        const queued = new SourceBytes();
        for (const { source, bytes, drained } of events) {
          const name = String(source % count);
          const told = asked(queued, name, count);
          if (queued.of(name) === 0 && queued.total < MARK) expect(told).toBeUndefined();
          if (told === undefined) queued.add(name, bytes);
          expect(queued.total).toBeLessThan(MARK + 400);
          const leaving = String(drained % count);
          queued.add(leaving, -Math.floor(queued.of(leaving) / (drained + 1)));
        }
      }),
    );
  });

  it('leaves room for every other source, however much one of them sends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 100 }), (count, bytes) => {
        const queued = new SourceBytes();
        while (asked(queued, 'noisy', count) === undefined) queued.add('noisy', bytes);
        expect(queued.total).toBeLessThan(MARK / 2 + bytes);
        expect(asked(queued, 'quiet', count)).toBeUndefined();
      }),
    );
  });
});
