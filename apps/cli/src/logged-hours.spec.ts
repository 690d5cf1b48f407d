import { readFileSync } from 'node:fs';
import { SourceReader, lensOf } from '#verdict';
import { Catalogue } from '#catalogue';
import { hourOf, type Span } from './hours.js';
import { LoggedHours } from './logged-hours.js';
import { shippedVendors } from '#settings';

const catalogue = new Catalogue(shippedVendors());
const [LINE = ''] = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8').split('\n');
const SEVEN = Date.parse('2026-11-21T07:00:00Z');
const MINUTE_MS = 60_000;
const BROKEN = 'no log line';

/** A line of so many minutes after seven. */
const at = (minutes: number): string =>
  LINE.replace(/"msec":"[^"]+"/, `"msec":"${((SEVEN + minutes * MINUTE_MS) / 1000).toFixed(3)}"`);

function read(files: readonly (readonly string[])[], span: Partial<Span> = {}): LoggedHours {
  const reader = new SourceReader(lensOf(catalogue), { vendor: 'auto', format: 'nginx-json' });
  const logged = new LoggedHours(catalogue, span);
  for (const file of files) {
    const lines = reader.begin(logged, 65_536);
    lines.push(Buffer.from(`${file.join('\n')}\n`));
    lines.end();
    logged.endFile();
  }
  return logged;
}

/** Hours after seven, with what they have. */
const plain = ({ lines }: LoggedHours): object =>
  Object.fromEntries(
    [...lines].map(([hour, counts]) => [
      hour < 0 ? 'unknown' : hour - hourOf(SEVEN),
      Object.fromEntries(counts),
    ]),
  );

it('counts by hour, back and forth', () => {
  const logged = read([[at(5), at(65), at(6)], [at(59.9)]]);
  expect(plain(logged)).toEqual({ 0: { 200: 3 }, 1: { 200: 1 } });
  expect(logged.firstMs).toBe(SEVEN + 5 * MINUTE_MS);
});

it('has a line without a time stand where the one before it stands, or the first one of its file', () => {
  expect(
    plain(
      read([
        [BROKEN, at(65), BROKEN, at(5), BROKEN],
        [BROKEN, at(130)],
      ]),
    ),
  ).toEqual({
    0: { 200: 1, rejected: 1 },
    1: { 200: 1, rejected: 2 },
    2: { 200: 1, rejected: 1 },
  });
});

it('keeps lines of which no hour is known, whatever the span', () => {
  const logged = read([[BROKEN, BROKEN], [at(5)]], { since: SEVEN });
  expect(plain(logged)).toEqual({ unknown: { rejected: 2 }, 0: { 200: 1 } });
  expect(read([[BROKEN]]).firstMs).toBeUndefined();
});

it('leaves out what lies before or after, with the lines that stand there', () => {
  const span = { since: SEVEN + 10 * MINUTE_MS, until: SEVEN + 20 * MINUTE_MS };
  const logged = read([[BROKEN, at(9.9), at(10), BROKEN, at(19.9), at(20), BROKEN]], span);
  expect(plain(logged)).toEqual({ 0: { 200: 2, rejected: 1 } });
  expect([logged.outside, logged.firstMs]).toEqual([4, span.since]);
});
