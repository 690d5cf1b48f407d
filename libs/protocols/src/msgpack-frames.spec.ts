import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { BrokenStream } from './broken-stream.js';
import { MsgpackFrames } from './msgpack-frames.js';

const LIMIT = 1 << 20;

function framesOf(segments: readonly Uint8Array[], limit = LIMIT): string[] {
  const frames = new MsgpackFrames(limit);
  return segments.flatMap((segment) => [...frames.push(segment)].map((frame) => frame.toString('hex')));
}

const hex = (value: unknown): string => Buffer.from(encode(value)).toString('hex');
const value = fc.jsonValue({ maxDepth: 4 });

describe('MsgpackFrames', () => {
  it('cuts values where they end, wherever segments do', () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(fc.nat(200)), (values, sizes) => {
        const bytes = Buffer.concat(values.map((one) => encode(one)));
        const segments: Buffer[] = [];
        let at = 0;
        for (const size of sizes) segments.push(bytes.subarray(at, (at += size)));
        segments.push(bytes.subarray(at));
        expect(framesOf(segments)).toEqual(values.map(hex));
      }),
    );
  });

  it.each([
    ['a string', Buffer.from('dbffffffff', 'hex')],
    ['an array', Buffer.from('ddffffffff', 'hex')],
    ['a map in arrays', Buffer.from('9191dfffffffff', 'hex')],
    ['an extension', Buffer.from('c9ffffffff00', 'hex')],
    ['arrays of arrays', Buffer.alloc(100, 0xdc)],
  ])('refuses %s that declares more than may come, at once', (_, bytes) => {
    expect(() => framesOf([bytes])).toThrow(BrokenStream);
  });

  it('refuses the byte that begins no value', () => {
    expect(() => framesOf([Buffer.from('c1', 'hex')])).toThrow('0xc1');
  });

  it('takes a value of the limit and none of a byte more', () => {
    const bytes = encode(new Uint8Array(1000));
    expect(framesOf([bytes], bytes.length)).toHaveLength(1);
    expect(() => framesOf([bytes], bytes.length - 1)).toThrow('larger than');
  });

  it('reads a large message in small segments in time that grows with its length', () => {
    const bytes = Buffer.from(encode(['tag', new Uint8Array(8 << 20)]));
    const segments = Array.from({ length: Math.ceil(bytes.length / 512) }, (_, i) =>
      bytes.subarray(512 * i, 512 * (i + 1)),
    );
    const frames = new MsgpackFrames(bytes.length);
    const start = performance.now();
    const seen = segments.flatMap((segment) => [...frames.push(segment)].map(({ length }) => length));
    expect(seen).toEqual([bytes.length]);
    // copied anew for each of the 16,384 segments it would be 64 GiB
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
