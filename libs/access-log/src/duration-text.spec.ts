import { UNREADABLE } from './decimal.js';
import { durationText } from './duration-text.js';

const micros = (text: string): number => {
  const bytes = Buffer.from(`x${text}x`);
  return durationText(bytes, 1, bytes.length - 1);
};

describe('durationText', () => {
  it.each([
    ['18ms', 18_000],
    ['1.5s', 1_500_000],
    ['47.9µs', 48],
    ['47.9μs', 48],
    ['250us', 250],
    ['1500ns', 2],
    ['1m2.5s', 62_500_000],
    ['1h0m1s', 3_601_000_000],
    ['0s', 0],
  ])('%s', (text, expected) => {
    expect(micros(text)).toBe(expected);
  });

  it.each([
    '',
    'ms',
    '1',
    '1x',
    '-1s',
    '1 s',
    's1',
    '1ms2',
    '1µx',
    '1.2.3s',
    '1s'.repeat(9),
    '247483647m',
    '9007199254s'.repeat(2),
  ])('is no duration: %j', (text) => {
    expect(micros(text)).toBe(UNREADABLE);
  });
});
