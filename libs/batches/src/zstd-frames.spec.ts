import fc from 'fast-check';
import { zstdFrame, zstdOfDeclaredSize, type ZstdBlock } from '../../../test/harness/zstd.js';
import { BrokenZstd, zstdFrames } from './zstd-frames.js';

const KIB = 1024;
const line = Buffer.from('a line\n');
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const told = (payload: Buffer) => [...zstdFrames(payload)].map(({ window }) => window);

describe('zstdFrames', () => {
  it.each([
    ['a window that the content fills', [{ byte: 'a', times: 4 * KIB }], 11, 2 * KIB],
    ['no more than the content can fill of a window', [line], 23, 7],
    ['a window for all blocks', [line, line, line], 31, 21],
  ] as [string, ZstdBlock[], number, number][])('tells of %s', (_, blocks, log, expected) => {
    expect(told(zstdFrame(blocks, log))).toEqual([expected]);
  });

  it('takes a declared size of the content at its word', () => {
    expect(told(zstdOfDeclaredSize(line, 2 ** 40))).toEqual([2 ** 40]);
  });

  it('tells of every frame, and passes over skippable ones', () => {
    const frame = zstdFrame([line], 20);
    expect(told(Buffer.concat([frame, skippable, frame]))).toHaveLength(2);
  });

  it('declares a smaller window where less will do, and leaves everything else alone', () => {
    const [frame] = zstdFrames(zstdFrame([{ byte: 'a', times: 5000 }], 31));
    expect(frame!.bytes).toEqual(zstdFrame([{ byte: 'a', times: 5000 }], 13));
    const [tight] = zstdFrames(zstdFrame([line], 10));
    expect(tight!.bytes).toEqual(zstdFrame([line], 10));
  });

  it('tells of a beginning as far as it goes', () => {
    const payload = zstdFrame([line, line], 20).subarray(0, -3);
    expect([...zstdFrames(payload, { isHead: true })]).toHaveLength(1);
    expect([...zstdFrames(payload.subarray(0, 12), { isHead: true })][0]!.bytes).toEqual(
      zstdFrame([line, line], 10).subarray(0, 12),
    );
  });

  it.each([
    ['is something else', Buffer.from('something else')],
    ['is cut in its header', zstdFrame([line], 20).subarray(0, 5)],
    ['is cut before its last block', zstdFrame([line, line], 20).subarray(0, 16)],
  ])('refuses what %s', (_, payload) => {
    expect(() => [...zstdFrames(payload)]).toThrow(BrokenZstd);
  });

  it('comes to an end on any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.boolean(), (tail, isHead) => {
        const payload = Buffer.concat([zstdFrame([line], 20).subarray(0, 4), tail]);
        try {
          for (const { window } of zstdFrames(payload, { isHead })) expect(window).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(BrokenZstd);
        }
      }),
    );
  });
});
