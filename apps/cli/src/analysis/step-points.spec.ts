import fc from 'fast-check';
import { StepPoints } from './step-points.js';

const MINUTE = 60_000;

it('adds up what a step has, in the order of time, however it comes', () => {
  const points = new StepPoints(MINUTE);
  points.add('a', 3 * MINUTE, 1);
  points.add('a', MINUTE, 2);
  points.add('a', 3 * MINUTE + 59_999, 4);
  points.add('b', 9 * MINUTE, 1);
  expect(points.pointsOf('a')).toMatchObject({ steps: [1, 3], values: [2, 5] });
  expect(points.names).toEqual(['a', 'b']);
});

it('keeps of a gauge what it was last', () => {
  const points = new StepPoints(MINUTE);
  points.set('g', 0, 5);
  points.set('g', 1, 3);
  expect(points.pointsOf('g').values).toEqual([3]);
});

it('makes steps longer rather than keep too many points, and loses nothing', () => {
  const add = fc.tuple(
    fc.constantFrom('a', 'b'),
    fc.nat({ max: 1000 * MINUTE }),
    fc.integer({ min: 1, max: 9 }),
  );
  fc.assert(
    fc.property(
      fc.array(add, { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 2, max: 40 }),
      (adds, most) => {
        const points = new StepPoints(MINUTE, most);
        for (const [field, time, amount] of adds) points.add(field, time, amount);
        const kept = points.names.map((name) => points.pointsOf(name));
        expect(kept.flatMap(({ values }) => values).reduce((a, b) => a + b)).toBe(
          adds.reduce((sum, [, , amount]) => sum + amount, 0),
        );
        for (const { steps } of kept) expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
        expect(kept.reduce((sum, { steps }) => sum + steps.length, 0)).toBeLessThanOrEqual(most);
      },
    ),
  );
});

describe('moments', () => {
  const momentsOf = (...minutes: number[]): number[] => {
    const points = new StepPoints(MINUTE);
    for (const minute of minutes) points.add('a', minute * MINUTE, 1);
    return points.moments(3 * MINUTE);
  };

  it('go from the start of the first step to the end of the last', () => {
    expect(momentsOf(5, 6, 8)).toEqual([5, 6, 7, 8, 9]);
  });

  it('leave out what is quiet for long, and begin again where it ends', () => {
    expect(momentsOf(5, 1000)).toEqual([5, 6, 7, 8, 9, 1000, 1001]);
  });

  it('are none without points', () => expect(momentsOf()).toEqual([]));
});
