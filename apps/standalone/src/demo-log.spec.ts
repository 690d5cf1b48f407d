import { readFileSync } from 'node:fs';
import { shiftToNow } from './demo-log.js';

const DEMO = 'apps/standalone/demo/';
const NOW = Date.parse('2031-03-01T00:00:05.250Z');

const nginxLine = (time: string, msec: string): string =>
  `{"time":"${time}","msec":"${msec}","status":"503"}`;
const apacheLine = (time: string): string => `127.0.0.1 - - [${time}] "GET / HTTP/1.1" 503 9`;

const nginxTimes = (log: string): number[] =>
  log
    .trim()
    .split('\n')
    .map((line) => Math.round(Number((JSON.parse(line) as { msec: string }).msec) * 1000));

const apacheTimes = (log: string): number[] =>
  [...log.matchAll(/\[([^\]]+)\]/g)].map((match) =>
    Date.parse(match[1]!.replace(':', ' ').replaceAll('/', ' ')),
  );

const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, at) => time - times[at]!);

describe('shiftToNow', () => {
  it('moves both times of a line of nginx', () => {
    const log = [
      nginxLine('2026-11-21T07:39:17+00:00', '1795246757.550'),
      nginxLine('2026-11-21T07:39:19+00:00', '1795246759.800'),
    ].join('\n');
    expect(shiftToNow(log, NOW)).toBe(
      [
        nginxLine('2031-03-01T00:00:02+00:00', '1930089603.000'),
        nginxLine('2031-03-01T00:00:04+00:00', '1930089605.250'),
      ].join('\n'),
    );
  });

  it('moves the time of a line of Apache, over the end of a month', () => {
    const log = [apacheLine('21/Nov/2026:07:39:17 +0000'), apacheLine('21/Nov/2026:07:39:27 +0000')].join(
      '\n',
    );
    expect(shiftToNow(log, NOW)).toBe(
      [apacheLine('28/Feb/2031:23:59:55 +0000'), apacheLine('01/Mar/2031:00:00:05 +0000')].join('\n'),
    );
  });

  it.each([
    ['nginx', nginxTimes, 0],
    ['apache', apacheTimes, 1000], // its times are whole seconds
  ])('keeps order and gaps of the bundled log of %s, and its newest line is now', (name, timesIn, unit) => {
    const log = readFileSync(`${DEMO}${name}.log`, 'utf8');
    const shifted = shiftToNow(log, NOW);
    expect(gaps(timesIn(shifted))).toEqual(gaps(timesIn(log)));
    expect(NOW - Math.max(...timesIn(shifted))).toBeLessThanOrEqual(unit);
    expect(Math.max(...timesIn(shifted))).toBeLessThanOrEqual(NOW);
  });

  it('changes nothing but the times', () => {
    const log = readFileSync(`${DEMO}nginx.log`, 'utf8');
    const timeless = (text: string): string => text.replace(/"time":"[^"]+","msec":"[^"]+"/g, '');
    expect(timeless(shiftToNow(log, NOW))).toBe(timeless(log));
  });
});
