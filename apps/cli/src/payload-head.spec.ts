import { gzipSync } from 'node:zlib';
import { inflatedHead } from './payload-head.js';

describe('the beginning of a payload', () => {
  it.each([
    ['gzip', gzipSync('GET /a\nGET /b\n')],
    ['zstd', Buffer.from('KLUv/QRYEQAAYQpVyMwe', 'base64')],
    ['zstd', Buffer.from('(\xb5/\xfd\x00aCa\x00a', 'latin1')], // shorter than most frames: one byte, repeated
  ] as const)('in %s is inflated', async (encoding, payload) => {
    const head = await inflatedHead(payload, encoding, 4);
    expect(head.toString()).toMatch(/^(GET |a\n|aaaa)$/);
  });

  it('is what comes before the damage', async () => {
    const payload = gzipSync('GET /a\n'.repeat(1000));
    expect((await inflatedHead(payload.subarray(0, -8), 'gzip', 6)).toString()).toBe('GET /a');
    expect(await inflatedHead(Buffer.from('no zstd'), 'zstd', 6)).toEqual(Buffer.alloc(0));
  });
});
