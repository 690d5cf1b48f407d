import { UsageError } from './io.js';
import { durationMs, momentOf } from './moment-text.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('momentOf', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T07:00', '2026-11-21T07:00:00.000Z'],
    ['2026-11-21T07:00:05', '2026-11-21T07:00:05.000Z'],
    ['2026-11-21T07:00:05Z', '2026-11-21T07:00:05.000Z'],
    ['2026-11-21T07:00:05.250+01:00', '2026-11-21T06:00:05.250Z'],
    ['2h', '2026-11-21T10:00:00.000Z'],
    ['90s', '2026-11-21T11:58:30.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(new Date(momentOf('--since', text, NOW)).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-13-01',
    '2026-02-31',
    '2026-11-21T25:00Z',
    '21/Nov/2026',
    '2',
    '0h',
    '99999d',
  ])('says what is wrong with "%s"', (text) => {
    expect(() => momentOf('--since', text, NOW)).toThrow(UsageError);
    expect(() => momentOf('--since', text, NOW)).toThrow(`--since is "${text}"; it must be a time such as`);
  });
});

it.each([
  ['5m', 300_000],
  ['1d', 86_400_000],
  ['0m', undefined],
  ['m', undefined],
  ['99999999999999999d', undefined],
])('durationMs of %s is %s', (text, expected) => expect(durationMs(text)).toBe(expected));
