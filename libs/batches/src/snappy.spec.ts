import fc from 'fast-check';
import snappyjs from 'snappyjs';
import { BrokenSnappy } from './snappy-block.js';
import { LargeSnappy, unsnap } from './snappy.js';

const LIMIT = 1024 ** 2;
const plain = (payload: Uint8Array): Buffer => Buffer.concat([...unsnap(Buffer.from(payload), LIMIT)]);

const chunk = (type: number, data: Uint8Array): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt8(type);
  head.writeUIntLE(data.length, 1, 3);
  return Buffer.concat([head, data]);
};
const CHECKSUM = Buffer.alloc(4);
const framed = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([chunk(0xff, Buffer.from('sNaPpY')), ...chunks]);
const compressed = (data: Uint8Array): Buffer =>
  chunk(0x00, Buffer.concat([CHECKSUM, snappyjs.compress(data)]));
const stored = (data: Uint8Array): Buffer => chunk(0x01, Buffer.concat([CHECKSUM, data]));

describe('snappy', () => {
  it('is read as a block and as a framed stream', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (data) => {
        expect(plain(snappyjs.compress(data)).equals(data)).toBe(true);
        const stream = framed(
          compressed(data),
          chunk(0x80, data),
          stored(data),
          chunk(0xff, Buffer.from('sNaPpY')),
        );
        expect(plain(stream).equals(Buffer.concat([data, data]))).toBe(true);
      }),
    );
  });

  it.each([
    ['an unknown chunk', framed(chunk(0x02, CHECKSUM))],
    ['half a head', framed(Buffer.from([0, 1]))],
    ['half a chunk', framed(compressed(Buffer.from('abc'))).subarray(0, -1)],
    ['no checksum', framed(chunk(0x00, Buffer.from('a')))],
    ['a chunk of more than 64 KiB', framed(stored(Buffer.alloc(65_537)))],
    ['a block that claims a gigabyte', Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00])],
    ['a literal whose length is no signed number', Buffer.from([0x05, 0xfc, 0xfa, 0xff, 0xff, 0xff, 0x61])],
    ['a copy of what is not there yet', Buffer.from([0x05, 0x00, 0x61, 0x01, 0x02])],
    ['a copy without an offset', Buffer.from([0x05, 0x00, 0x61, 0x01, 0x00])],
    ['less than it claims', Buffer.from([0x05, 0x00, 0x61])],
    ['nothing', Buffer.alloc(0)],
  ])('with %s is broken', (_what, payload) => {
    expect(() => plain(payload)).toThrow(BrokenSnappy);
  });

  it('is told apart from what is broken when it is too large', () => {
    const payload = Buffer.from(snappyjs.compress(new Uint8Array(2 * LIMIT)));
    expect(() => plain(payload)).toThrow(LargeSnappy);
  });

  it('never does anything but read or say that it is broken', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (data, asStream) => {
        try {
          plain(asStream ? framed(Buffer.from(data)) : data);
        } catch (error) {
          expect(error).toBeInstanceOf(BrokenSnappy);
        }
      }),
    );
  });
});
