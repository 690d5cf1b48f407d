import fc from 'fast-check';
import { clfTime, clfTimeWithMillis, httpDate, isoTime } from './clock-text.js';
import { UNREADABLE, scaledDecimal } from './decimal.js';
import { ABSENT } from './request.js';
import { retryAfterSeconds } from './retry-after.js';

type Reader = (bytes: Uint8Array, start: number, end: number) => number;
const read = (reader: Reader, text: string): number => reader(Buffer.from(text), 0, Buffer.from(text).length);
const moment = fc.integer({ min: 86_400, max: 4_102_444_800 }).map((seconds) => new Date(seconds * 1000));
const zone = fc.constantFrom('+0000', '+0900', '-0330', '+1400');

describe('times', () => {
  it('agree with Date.parse on ISO 8601', () => {
    fc.assert(
      fc.property(moment, zone, fc.constantFrom('', '.5', '.123', '.98'), (date, offset, fraction) => {
        const text = `${date.toISOString().slice(0, 19)}${fraction}${offset.slice(0, 3)}:${offset.slice(3)}`;
        expect(read(isoTime, text)).toBe(Date.parse(text));
      }),
    );
    expect(read(isoTime, '2026-11-21 07:39:17.123456789Z')).toBe(Date.parse('2026-11-21T07:39:17.123Z'));
  });

  it('agree with Date.parse on CLF and HTTP dates', () => {
    fc.assert(
      fc.property(moment, zone, (date, offset) => {
        const [, day, month, year, time] = date.toUTCString().split(' ');
        const text = `${day}/${month}/${year}:${time} ${offset}`;
        expect(read(clfTime, text)).toBe(Date.parse(`${day} ${month} ${year} ${time} ${offset}`));
        expect(read(httpDate, date.toUTCString())).toBe(date.getTime());
      }),
    );
  });

  it('go on when clocks are set back: the zone tells the two hours apart', () => {
    const summer = read(clfTime, '25/Oct/2026:02:30:00 +0200');
    expect(read(clfTime, '25/Oct/2026:02:30:00 +0100') - summer).toBe(3_600_000);
  });

  it('are UTC without a zone, so that a local time is off by its zone', () => {
    expect(read(isoTime, '2026-11-21T07:39:17')).toBe(Date.parse('2026-11-21T07:39:17Z'));
    expect(read(clfTimeWithMillis, '21/Nov/2026:07:39:17.913')).toBe(Date.parse('2026-11-21T07:39:17.913Z'));
  });

  it('are unreadable where there is no such day', () => {
    for (const text of [
      '2026-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:00:00+x',
      'x',
    ]) {
      expect(read(isoTime, text)).toBe(UNREADABLE);
    }
    expect(read(clfTime, '31/Nov/2026:07:39:17 +0000')).toBe(UNREADABLE);
  });
});

describe('scaledDecimal', () => {
  const scaled = (text: string, scale: number): number =>
    read((b, s, e) => scaledDecimal(b, s, e, scale), text);

  it.each([
    ['0.019', 6, 19_000],
    ['1795246757.550', 3, 1_795_246_757_550],
    ['1795246765.5476408', 3, 1_795_246_765_548],
    ['1.5e-05', 6, 15],
    ['4.7923e-05', 6, 48],
    ['2E3', 0, 2000],
    ['1795246765547640800', -6, 1_795_246_765_548],
    ['0', 0, 0],
    ['', 0, UNREADABLE],
    ['.', 0, UNREADABLE],
    ['-1', 0, UNREADABLE],
    ['1e', 0, UNREADABLE],
    ['1e999', 0, UNREADABLE],
    ['1x', 0, UNREADABLE],
  ])('reads %j at scale %i as %i', (text, scale, value) => expect(scaled(text, scale)).toBe(value));

  it('agrees with Number on what JSON writes', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (n) => {
        expect(Math.abs(scaled(JSON.stringify(n), 3) - n * 1000)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('clfTimeWithMillis', () => {
  it('reads the time of HAProxy as UTC, and no other', () => {
    const time = '21/Nov/2026:06:06:47.913';
    expect(read(clfTimeWithMillis, time)).toBe(Date.parse('2026-11-21T06:06:47.913Z'));
    for (const other of [
      time.slice(1),
      time.replace('.', ' '),
      time.replace('913', '9x3'),
      `31${time.slice(2)}`,
    ])
      expect(read(clfTimeWithMillis, other)).toBe(UNREADABLE);
  });
});

describe('retryAfterSeconds', () => {
  const now = Date.parse('2026-11-21T07:39:17Z');
  const seconds = (text: string, time = now): number =>
    read((b, s, e) => retryAfterSeconds(b, s, e, time), text);

  it('reads seconds and dates, and nothing else', () => {
    expect(seconds('30')).toBe(30);
    expect(seconds('Sat, 21 Nov 2026 07:40:17 GMT')).toBe(60);
    expect(seconds('Sat, 21 Nov 2026 07:00:00 GMT')).toBe(0);
    expect(seconds('Sat, 21 Nov 2026 07:40:17 GMT', -2)).toBe(0);
    expect(seconds('soon')).toBe(ABSENT);
  });
});
