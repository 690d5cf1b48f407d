import fc from 'fast-check';
import { NOT_RECENT, RecentTexts } from './recent-texts.js';

const text = fc.uint8Array({ maxLength: 140 });

it('never gives the number of another text', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 200 }), (texts) => {
      const recent = new RecentTexts();
      const numbers = new Map<string, number>();
      for (const bytes of texts) {
        const name = Buffer.from(bytes).toString('latin1');
        const number = recent.numberOf(bytes, 0, bytes.length);
        expect([NOT_RECENT, numbers.get(name)]).toContain(number);
        if (!numbers.has(name)) numbers.set(name, numbers.size);
        recent.remember(bytes, 0, bytes.length, numbers.get(name)!);
      }
    }),
  );
});

it('knows again what it was told last, wherever it lies, though its bytes have changed since', () => {
  const recent = new RecentTexts();
  const line = Buffer.from('GET /storages/886000123456/ldevs');
  recent.remember(line, 14, 26, 7);
  line.fill(0);
  const other = Buffer.from('886000123456');
  expect(recent.numberOf(other, 0, other.length)).toBe(7);
  expect(recent.numberOf(other, 0, other.length - 1)).toBe(NOT_RECENT);
});

it('forgets texts in favour of others, and does not keep long ones', () => {
  const recent = new RecentTexts();
  const names = Array.from({ length: 10_000 }, (_, i) => Buffer.from(`array-${i}`));
  names.forEach((name, i) => recent.remember(name, 0, name.length, i));
  const known = names.filter((name) => recent.numberOf(name, 0, name.length) !== NOT_RECENT);
  expect(known.length).toBeLessThanOrEqual(512);
  const long = Buffer.alloc(129, 'x');
  recent.remember(long, 0, long.length, 1);
  expect(recent.numberOf(long, 0, long.length)).toBe(NOT_RECENT);
});
