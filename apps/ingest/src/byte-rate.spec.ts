import fc from 'fast-check';
import { ByteRate } from './byte-rate.js';

const RATE = { bytesPerSecond: 10_000, burst: 50_000 };
const MOST = 200_000;

const sent = (bodies: readonly { afterMs: number; bytes: number }[]) => {
  const rate = new ByteRate(RATE, 0);
  let now = 0;
  let passed = 0;
  for (const { afterMs, bytes } of bodies) {
    now += afterMs;
    if (!rate.mayTake(now)) continue;
    rate.take(bytes);
    passed += bytes;
  }
  return { now, passed };
};

describe('ByteRate', () => {
  const body = fc.record({ afterMs: fc.nat(5000), bytes: fc.integer({ min: 1, max: MOST }) });

  it('lets no more through than burst and rate, and one body that is owed', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 100 }), (bodies) => {
        const { now, passed } = sent(bodies);
        expect(passed).toBeLessThanOrEqual(RATE.burst + (now / 1000) * RATE.bytesPerSecond + MOST);
      }),
    );
  });

  it('lets everything through of a sender who waits for what was sent before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1024, max: MOST }), { maxLength: 100 }), (sizes) => {
        const bodies = sizes.map((bytes, i) => ({ bytes, afterMs: Math.ceil((sizes[i - 1] ?? 0) / 10) + 1 }));
        expect(sent(bodies).passed).toBe(sizes.reduce((sum, bytes) => sum + bytes, 0));
      }),
    );
  });

  it('lets a body through that is larger than the burst, and then none until it is paid for', () => {
    const rate = new ByteRate(RATE, 0);
    expect(rate.mayTake(0)).toBe(true);
    rate.take(100_000);
    expect(rate.mayTake(5000)).toBe(false);
    expect(rate.mayTake(5001)).toBe(true);
  });

  it('counts a request with next to nothing in it as 1 KiB', () => {
    const rate = new ByteRate(RATE, 0);
    for (let i = 0; i < 49; i++) rate.take(1);
    expect([rate.mayTake(0), rate.mayTake(0)]).toEqual([false, false]);
  });
});
