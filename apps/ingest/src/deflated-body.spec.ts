import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Body } from './body.js';
import { deflatedBody } from './deflated-body.js';

const plain = (bytes: Buffer): Body => ({ bytes, encoding: 'identity', format: 'detect' });
const LINES = Buffer.from('127.0.0.1 - - "GET /a HTTP/1.1" 503 12\n'.repeat(1000));

describe('a body as it is stored', () => {
  it('is compressed if it is plain and large', async () => {
    const { bytes, encoding } = await deflatedBody(plain(LINES));
    expect(encoding).toBe('gzip');
    expect(bytes.length).toBeLessThan(LINES.length / 10);
    expect(gunzipSync(bytes).equals(LINES)).toBe(true);
  });

  it.each([
    { why: 'small', body: plain(LINES.subarray(0, 1000)) },
    { why: 'compressed already', body: { ...plain(LINES), encoding: 'gzip' as const } },
    { why: 'of a kind that does not become smaller', body: plain(randomBytes(100_000)) },
  ])('is left as it is if it is $why', async ({ body }) => {
    expect(await deflatedBody(body)).toBe(body);
  });
});
