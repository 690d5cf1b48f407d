import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { KeyedHash } from './keyed-hash.js';

const KEY = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7);

/** HalfSipHash-1-3 of the bytes 0, 1, 2 … by how many there are, from lib/tests/siphash_kunit.c of Linux. */
const VECTORS: readonly [length: number, hash: number][] = [
  [0, 0x5814c896],
  [4, 0x7e059ea6],
  [8, 0x577999b1],
  [12, 0x6b28096c],
  [16, 0x8b31d501],
  [20, 0x911bb605],
  [24, 0x57150ad7],
  [28, 0x0a4100d0],
];

function hashOf(texts: readonly Uint8Array[], key = KEY): number {
  const hash = new KeyedHash(key);
  hash.begin();
  for (const text of texts) hash.addText(text, 0, text.length);
  return hash.end();
}

/** The length; then of each 1,024 bytes the last four, and all before them, four at a time. */
function wordsOf(text: Uint8Array): number[] {
  const words = [text.length];
  for (let at = 0; at === 0 || at < text.length; at += 1024) {
    const part = Buffer.from(text.subarray(at, at + 1024));
    words.push(
      part.length < 4
        ? part.reduceRight((word, byte) => word * 256 + byte, 0)
        : part.readInt32LE(part.length - 4),
    );
    for (let i = 0; i < part.length - 4; i += 4) words.push(part.readInt32LE(i));
  }
  return words;
}

const hashOfText = (text: string, key = KEY): number => hashOf([Buffer.from(text)], key);

/** What real gateways were asked for, and what else lies beside it. */
const realPaths = (count: number): string[] => {
  const log = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8');
  const logged = [...new Set(Array.from(log.matchAll(/"request_uri":"([^"]+)"/g), ([, path]) => path!))];
  return Array.from(
    { length: count },
    (_, i) => `${logged[i % logged.length]}/${Math.floor(i / logged.length)}`,
  );
};

describe('a hash', () => {
  it.each(VECTORS)('of %d bytes has the reference’s word below', (length, expected) => {
    const hash = new KeyedHash(KEY);
    hash.begin();
    for (let at = 0; at < length; at += 4)
      hash.addWord(at | ((at + 1) << 8) | ((at + 2) << 16) | ((at + 3) << 24));
    expect(hash.end() % 2 ** 32).toBe(expected);
  });

  it('has 48 bits, each of them set as often as not, and no two of 50,000 real paths have the same', () => {
    const hashes = realPaths(50_000).map((path) => hashOfText(path));
    expect(new Set(hashes).size).toBe(hashes.length);
    const set = new Float64Array(48);
    for (const hash of hashes)
      for (let bit = 0, rest = hash; bit < 48; bit++, rest = Math.floor(rest / 2)) set[bit]! += rest % 2;
    expect(set.filter((ones) => Math.abs(ones / hashes.length - 0.5) > 0.01)).toHaveLength(0);
    expect(hashes.every((hash) => Number.isInteger(hash) && hash < 2 ** 48)).toBe(true);
  });

  it('spreads over buckets as chance would, also by its highest bits', () => {
    const BUCKETS = 1024;
    const paths = realPaths(100_000);
    for (const bucketOf of [
      (hash: number): number => hash % BUCKETS,
      (hash: number): number => Math.floor(hash / 2 ** 38),
    ]) {
      const counts = new Uint32Array(BUCKETS);
      for (const path of paths) counts[bucketOf(hashOfText(path))]!++;
      const mean = paths.length / BUCKETS;
      const chiSquare = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
      expect(Math.abs(chiSquare - BUCKETS)).toBeLessThan(6 * Math.sqrt(2 * BUCKETS));
    }
  });

  it('does not depend on where the text lies', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(9), fc.nat(9), (text, before, behind) => {
        const bytes = Buffer.concat([Buffer.alloc(before, 1), text, Buffer.alloc(behind, 2)]);
        const hash = new KeyedHash(KEY);
        hash.begin();
        hash.addText(bytes, before, before + text.length);
        expect(hash.end()).toBe(hashOf([text]));
      }),
    );
  });

  it('is another one for other texts, for another order and for another border between them', () => {
    const texts = fc.array(fc.uint8Array({ maxLength: 6, max: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const isSame =
          JSON.stringify(one.map((text) => [...text])) === JSON.stringify(other.map((text) => [...text]));
        expect(hashOf(one) === hashOf(other)).toBe(isSame);
      }),
    );
  });

  it('of texts of any length is that of their words', () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ minLength: 900, maxLength: 5000 }),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const hash = new KeyedHash(KEY);
        hash.begin();
        for (const word of texts.flatMap(wordsOf)) hash.addWord(word);
        expect(hash.end()).toBe(hashOf(texts));
      }),
    );
  });

  it('of something may be taken, and then one of it and more, and of other ends of it', () => {
    const texts = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 3 });
    fc.assert(
      fc.property(texts, texts, texts, (first, one, other) => {
        const hash = new KeyedHash(KEY);
        hash.begin();
        for (const text of first) hash.addText(text, 0, text.length);
        const beginning = hash.beginning();
        expect(hash.end()).toBe(hashOf(first));
        for (const end of [one, other]) {
          hash.beginWith(beginning);
          for (const text of end) hash.addText(text, 0, text.length);
          expect(hash.end()).toBe(hashOf([...first, ...end]));
        }
      }),
    );
  });

  it('adds nothing of a text with a percent sign', () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 0x20, max: 0x2a }), (text) => {
        const hash = new KeyedHash(KEY);
        hash.begin();
        const isAdded = hash.addUnescaped(text, 0, text.length);
        expect(isAdded).toBe(!text.includes(0x25));
        expect(hash.end()).toBe(hashOf(isAdded ? [text] : []));
      }),
    );
  });

  it('is another one with another key, of which all eight bytes count', () => {
    const others = Array.from(KEY, (_, i) => KEY.with(i, 99));
    expect(new Set([KEY, ...others].map((key) => hashOfText('/a', key))).size).toBe(9);
    expect(() => new KeyedHash(new Uint8Array(7))).toThrow('a key of 7 bytes: give at least eight');
  });
});
