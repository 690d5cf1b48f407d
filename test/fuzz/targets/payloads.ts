import assert from 'node:assert/strict';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { Unreadable, inflate } from '#batches';
import { inflatedHead } from '../../../apps/cli/src/payload-head.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

type Encoding = 'gzip' | 'zstd';

const LIMIT = 256 * 1024;
const LINES = Buffer.concat(LOG_LINES.slice(0, 5).flatMap((line) => [line, Buffer.from('\n')]));

/** Of `zstd -c`, of `zstd -19 --no-check -c`, of `zstd --no-content-size -c`. */
const MADE_BY_ZSTD = [
  'KLUv/WRoAWUCAJIEEBaAbQ5gwrcG3DfLAj0iJ1umVDHpoLP0ADYPxKAx0czrzLhpFXnP8KJ+RIFW/j9wWzcs1+4EdaWRc+iqxOn0pm8CAAYGKFTMckN8g92v',
  'KLUv/WBoAVUCAGIEDxCAfbRPCosbkb1/dy9/YYmeIOTNcfgwwqtPRn045JRJafxbnj4Y3hpjjHh2XEuOGbeQQaVrWQ6q4w8xJwMAAAYoVBHAKHBD',
  'KLUv/QRYZQIA0oQQFoBtDmDCtwbcN8sCPSInWyaxdblB5/QANg/EoDGhmdeZcXMVec/won5EgVb+P3BbNyzX7gR1pZFz6KrEycmbz+c3AQANBqgKUXyD3a8=',
].map((text) => Buffer.from(text, 'base64'));

/** A frame of RFC 8878 with one block of one byte repeated: what inflates most. */
const zstdOfOneByte = (length: number): Buffer =>
  Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]),
    Buffer.from([0x03 | ((length << 3) & 0xff), (length >> 5) & 0xff, (length >> 13) & 0xff, 0x61]),
  ]);
const SKIPPED = Buffer.from('504d2a1804000000deadbeef', 'hex');

export const COMPRESSED: readonly { readonly encoding: Encoding; readonly payload: Buffer }[] = [
  ...[
    gzipSync(LINES),
    gzipSync(LINES, { level: 0 }),
    gzipSync(LINES, { strategy: constants.Z_FIXED }),
    Buffer.concat([gzipSync('a\n'), gzipSync('b'), gzipSync('')]),
    Buffer.concat([gzipSync(LINES), Buffer.from('garbage')]),
    gzipSync(Buffer.alloc(LIMIT + 1)),
    Buffer.concat([
      Buffer.from('1f8b081c0000000000000500414243446e616d6500636f6d6d656e7400', 'hex'),
      gzipSync('x').subarray(10),
    ]),
  ].map((payload) => ({ encoding: 'gzip' as const, payload })),
  ...[
    ...MADE_BY_ZSTD,
    Buffer.concat([MADE_BY_ZSTD[0]!, SKIPPED, MADE_BY_ZSTD[2]!]),
    zstdOfOneByte(1000),
    Buffer.concat([zstdOfOneByte(131_072), zstdOfOneByte(131_072), zstdOfOneByte(131_072)]),
  ].map((payload) => ({ encoding: 'zstd' as const, payload })),
];

/** What Node makes of it at once; undefined if it is damaged or too large. */
function gunzipped(payload: Buffer): Buffer | undefined {
  try {
    return gunzipSync(payload, { maxOutputLength: LIMIT });
  } catch {
    return undefined;
  }
}

async function inflated(payload: Buffer, encoding: Encoding): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  try {
    await inflate(payload, encoding, LIMIT, (piece) => void pieces.push(Buffer.from(piece)));
    return Buffer.concat(pieces);
  } catch (error) {
    assert(error instanceof Unreadable, error as Error);
    return undefined;
  }
}

const target = (encoding: Encoding): Target => ({
  name: `inflate:${encoding}`,
  corpus: COMPRESSED.filter((one) => one.encoding === encoding).map(({ payload }) => payload),
  share: 1,
  async check(payload) {
    const whole = await inflated(payload, encoding);
    if (encoding === 'gzip') assert.deepEqual(whole, gunzipped(payload), 'piece by piece as at once');
    assert(whole === undefined || whole.length <= LIMIT, 'inflated beyond the limit');
    const head = await inflatedHead(payload, encoding, 100);
    assert(head.length <= 100, 'the beginning is too long');
    if (whole) assert.deepEqual(head, whole.subarray(0, 100), 'the beginning that is shown');
  },
});

export const payloadTargets: readonly Target[] = [target('gzip'), target('zstd')];
