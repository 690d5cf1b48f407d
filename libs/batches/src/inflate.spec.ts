import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { zstdFrame, zstdOfDeclaredSize, type ZstdBlock } from '../../../test/harness/zstd.js';
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

describe('a payload of zstd frames', () => {
  const LIMIT = 4 * 1024 ** 2;
  const reading = async (payload: Buffer): Promise<number> => {
    let bytes = 0;
    await inflate(payload, 'zstd', LIMIT, (piece) => {
      bytes += piece.length;
    });
    return bytes;
  };
  const line = Buffer.from('a line\n');
  const block = { byte: 'a', times: 128 * 1024 };

  it('is read frame by frame, whatever windows they declare and never fill', async () => {
    const frames = Array.from({ length: 20_000 }, () => zstdFrame([line], 31));
    expect(await reading(Buffer.concat(frames))).toBe(20_000 * line.length);
  });

  it.each([
    ['two gigabytes for their window', zstdFrame(Array(65).fill(block), 31)],
    ['two gigabytes for their content', zstdOfDeclaredSize(line, 2 ** 31)],
  ])('is unreadable if they need %s', async (_, payload) => {
    const before = process.memoryUsage().arrayBuffers;
    await expect(reading(payload)).rejects.toMatchObject({ reason: 'zstd_window_too_large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 ** 2);
  });

  it.each([
    [
      'many small blocks in a large window',
      zstdFrame([...Array<ZstdBlock>(1e5).fill(line), ...Array<ZstdBlock>(64).fill(block)], 23),
    ],
    ['many small frames of a large size', Buffer.concat(Array(1e4).fill(zstdOfDeclaredSize(line, 2 ** 23)))],
  ])('is unreadable if it is %s, which would take minutes', async (_, payload) => {
    await expect(reading(payload)).rejects.toMatchObject({
      reason: 'damaged',
    });
  });

  it('is unreadable if its blocks inflate to more than the limit', async () => {
    const bomb = zstdFrame(Array(1e5).fill(block), 17);
    await expect(reading(bomb)).rejects.toMatchObject({ reason: 'inflated_too_large' });
  });
});
