import { AmplificationMeter } from './amplification.js';

const T = Date.parse('2026-11-21T07:00:00Z');
const MINUTES = 60_000;

it('tells requests per operation, and the five minutes in which there were most', () => {
  const meter = new AmplificationMeter();
  meter.add(T, 100, 0);
  meter.add(T + 5 * MINUTES, 50, 30);
  meter.add(T + 9 * MINUTES, 50, 45);
  meter.add(T + 10 * MINUTES, 100, 50);
  expect(meter.result()).toEqual({
    overall: 300 / 175,
    worst: { fromMs: T + 5 * MINUTES, requests: 100, ratio: 4 },
  });
});

it('does not call it a storm if nobody repeated anything, or hardly anybody asked', () => {
  const quiet = new AmplificationMeter();
  quiet.add(T, 100, 0);
  quiet.add(T + 5 * MINUTES, 3, 2);
  expect(quiet.result().worst).toBeUndefined();
});

it('tells nothing of nothing', () => {
  expect(new AmplificationMeter().result()).toEqual({ overall: undefined, worst: undefined });
});
