import { barChart, clock, niceTicks } from './bar-chart.js';

const START = Date.parse('2026-11-21T07:00:00Z');
const chart = (bars: readonly (readonly number[])[]) =>
  barChart({
    title: 'Requests',
    startMs: START,
    widthMs: 60_000,
    bars,
    kinds: [
      { name: '<ok>', style: 'a' },
      { name: 'busy', style: 'b' },
    ],
    height: 136,
  }).source;

it('draws a part of a bar for every count, on top of each other and to scale', () => {
  const svg = chart([
    [50, 50],
    [0, 0],
    [0, 25],
  ]);
  const rects = [
    ...svg.matchAll(/<rect class="(\w)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g),
  ];
  expect(rects.map(([, style, y, height]) => [style, Number(y), Number(height)])).toEqual([
    ['a', 60, 50],
    ['b', 10, 50],
    ['b', 85, 25],
  ]);
});

it('tells the numbers of a bar, escaped', () => {
  expect(chart([[1200, 0]])).toContain('<title>21 Nov 07:00 – 07:01 UTC\n&lt;ok&gt;: 1,200</title>');
});

it('draws nothing but its axes where nothing was counted', () => {
  expect(chart([[0, 0]])).not.toContain('NaN');
});

it.each([
  [1, [0, 1]],
  [7, [0, 2, 4, 6]],
  [100, [0, 50, 100]],
  [990, [0, 500]],
])('has round ticks up to %d', (most, ticks) => expect(niceTicks(most)).toEqual(ticks));

it('tells seconds only where there are some', () => {
  expect([clock(START, false), clock(START + 10_000, true)]).toEqual(['07:00', '21 Nov 07:00:10']);
});
