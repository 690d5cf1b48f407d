import fc from 'fast-check';
import { NO_NUMBER, TextNumbers } from './text-numbers.js';

const numberOf = (numbers: TextNumbers, text: Uint8Array, kind = 0): number =>
  numbers.of(kind, text, 0, text.length);

describe('texts are numbered', () => {
  it('in the order in which they come, by their bytes and kind, wherever they lie', () => {
    const texts = fc.array(
      fc.record({
        bytes: fc.uint8Array({ maxLength: 11, max: 2 }),
        kind: fc.nat(2),
        before: fc.nat(5),
      }),
    );
    fc.assert(
      fc.property(texts, (all) => {
        const numbers = new TextNumbers(1024, 11);
        const expected = new Map<string, number>();
        for (const { bytes, kind, before } of all) {
          const name = `${kind}/${bytes.join()}`;
          if (!expected.has(name)) expected.set(name, expected.size);
          const lying = Buffer.concat([Buffer.alloc(before, 1), bytes, Buffer.alloc(3, 1)]);
          const number = numbers.of(kind, lying, before, before + bytes.length);
          expect(number).toBe(expected.get(name));
          expect(numbers.is(number, kind, bytes, 0, bytes.length)).toBe(true);
          expect(
            numbers.is(number, kind, Buffer.concat([bytes, bytes, Buffer.of(0)]), 0, bytes.length + 1),
          ).toBe(false);
        }
        expect(numbers.count).toBe(expected.size);
      }),
    );
  });

  it('up to a length', () => {
    const numbers = new TextNumbers(4, 8);
    expect(numberOf(numbers, Buffer.alloc(9))).toBe(NO_NUMBER);
    expect(numberOf(numbers, Buffer.alloc(8))).toBe(0);
  });

  it('as many as there may be, and those are found still', () => {
    const numbers = new TextNumbers(1024, 64);
    const names = Array.from({ length: 2000 }, (_, i) => Buffer.from(`array-${i}.dc.example.net`));
    const found = names.map((name) => numberOf(numbers, name));
    expect(found.slice(0, 1024)).toEqual(Array.from({ length: 1024 }, (_, i) => i));
    expect(new Set(found.slice(1024))).toEqual(new Set([NO_NUMBER]));
    expect(names.map((name) => numberOf(numbers, name))).toEqual(found);
  });

  it('nearly always, though they are much alike', () => {
    const numbers = new TextNumbers(1024, 64);
    const names = Array.from({ length: 1024 }, (_, i) =>
      Buffer.from(`9a8b7c6d-5e4f-4a3b-8c2d-${String(i).padStart(12, '0')}`),
    );
    expect(names.filter((name) => numberOf(numbers, name) === NO_NUMBER)).toHaveLength(0);
  });
});
