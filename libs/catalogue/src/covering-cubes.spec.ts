import fc from 'fast-check';
import { coveringCubes } from './covering-cubes.js';

const SIZE = 4;
const ALL = Array.from({ length: 2 ** SIZE }, (_, world) => world);

describe('covering cubes', () => {
  it('hold in every wanted world and in no unwanted one, and none is in vain', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('wanted', 'free', 'other'), { minLength: 16, maxLength: 16 }),
        (kinds) => {
          const of = (kind: string) => ALL.filter((world) => kinds[world] === kind);
          const cubes = coveringCubes(of('wanted'), of('free'), SIZE);
          const holding = (some: typeof cubes) =>
            ALL.filter((world) => some.some(({ care, value }) => (world & care) === value));
          expect(holding(cubes)).toEqual(expect.arrayContaining(of('wanted')));
          expect(holding(cubes).filter((world) => kinds[world] === 'other')).toEqual([]);
          expect(new Set(cubes.map(({ care, value }) => `${care} ${value}`)).size).toBe(cubes.length);
        },
      ),
    );
  });

  it.each([
    ['always', ALL, [], [{ care: 0, value: 0 }]],
    ['one condition', ALL.filter((world) => (world & 2) !== 0), [], [{ care: 2, value: 2 }]],
    ['what is left of the possible', [1, 3], ALL.filter((world) => world > 3), [{ care: 1, value: 1 }]],
    ['nothing', [], [], []],
  ])('say no more than %s', (_, wanted, free, cubes) => {
    expect(coveringCubes(wanted, free, SIZE)).toEqual(cubes);
  });
});
