import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { inflate, Unreadable, type SentEncoding } from './inflate.js';

/** `printf 'a\n' | zstd -c | base64` */
const ZSTD = Buffer.from('KLUv/QRYEQAAYQpVyMwe', 'base64');
const PAYLOADS: readonly [SentEncoding, Buffer][] = [
  ['identity', Buffer.from('a\n')],
  ['gzip', gzipSync('a\n')],
  ['zstd', ZSTD],
  ['deflate', deflateSync('a\n')],
  ['deflate-raw', deflateRawSync('a\n')],
];
const ignore = (): void => {};

describe.each(PAYLOADS)('a payload in %s', (encoding, payload) => {
  it('is given in pieces', async () => {
    const pieces: Uint8Array[] = [];
    await inflate(payload, encoding, 100, (piece) => void pieces.push(piece.slice()));
    expect(Buffer.concat(pieces).toString()).toBe('a\n');
  });

  it('is unreadable if it is larger than the limit', async () => {
    await expect(inflate(payload, encoding, 1, ignore)).rejects.toMatchObject({
      reason: 'inflated_too_large',
    });
  });

  it('is not unreadable because something else fails while it is read', async () => {
    const fault = new Error('no memory');
    const failing = (): never => {
      throw fault;
    };
    await expect(inflate(payload, encoding, 100, failing)).rejects.toBe(fault);
  });
});

it.each(PAYLOADS.slice(1))('a damaged or cut payload in %s is unreadable', async (encoding, payload) => {
  const damaged = Buffer.from(payload).fill(0xff, payload.length >> 1);
  const cut = payload.subarray(0, payload.length - 5);
  for (const bytes of [damaged, cut, Buffer.from('something else')])
    await expect(inflate(bytes, encoding, 100, ignore)).rejects.toBeInstanceOf(Unreadable);
});
