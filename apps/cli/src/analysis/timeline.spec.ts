import fc from 'fast-check';
import { Timeline } from './timeline.js';

const MINUTE = 60_000;
const START = Date.parse('2026-11-21T07:00:00Z');

const total = (bars: readonly (readonly number[])[]) => bars.flat().reduce((sum, count) => sum + count, 0);

it('has a bar for every stretch, those in which nothing happened too', () => {
  const time = new Timeline(2);
  time.add(START, 0);
  time.add(START + 25_000, 1, 3);
  expect(time.bars(100)).toEqual({
    startMs: START,
    widthMs: 10_000,
    bars: [
      [1, 0],
      [0, 0],
      [0, 3],
    ],
    strays: 0,
  });
});

it('makes the stretches as long as they must be for so many bars', () => {
  const time = new Timeline(1);
  for (let i = 0; i < 180; i++) time.add(START + i * MINUTE, 0);
  const { widthMs, bars } = time.bars(60)!;
  expect(widthMs).toBe(5 * MINUTE);
  expect(bars).toHaveLength(36);
});

it('leaves out the few that a wrong clock has put years away, and says how many', () => {
  const time = new Timeline(1);
  for (let i = 0; i < 10_000; i++) time.add(START + i * 100, 0);
  for (const stray of [0, 1, 2]) time.add(stray * MINUTE, 0);
  time.add(Date.parse('2099-01-01'), 0);
  const { startMs, bars, strays } = time.bars(120)!;
  expect([startMs, total(bars), strays]).toEqual([START, 10_000, 4]);
});

it('keeps both ends of a log that is quiet for long', () => {
  const time = new Timeline(1);
  time.add(START, 0);
  time.add(START + 1000 * MINUTE, 0);
  expect(time.bars(120)).toMatchObject({ strays: 0 });
});

it('shows nothing of nothing', () => expect(new Timeline(1).bars(10)).toBeUndefined());

it('loses nothing, whatever the times, with as many bars as asked for at most', () => {
  const times = fc.array(fc.nat({ max: 4e12 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(
      times,
      fc.integer({ min: 12, max: 200 }),
      fc.integer({ min: 1, max: 50 }),
      (all, bars, most) => {
        const time = new Timeline(1, most);
        for (const ms of all) time.add(ms, 0);
        const shown = time.bars(bars)!;
        expect(total(shown.bars) + shown.strays).toBe(all.length);
        expect(shown.bars.length).toBeLessThanOrEqual(Math.max(bars, 130));
      },
    ),
  );
});
