import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { keyedBatchId } from '#batches';
import { isAuthorized } from '#listener';
import { LiveSettings } from '#settings';
import { passedThrough, readBody } from '../../../apps/ingest/src/body.js';
import { Hold, Inflight } from '../../../apps/ingest/src/inflight.js';
import { REFUSALS, Refused, refusalBody } from '../../../apps/ingest/src/refusal.js';
import { halves, joined } from '../choice.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';
import { COMPRESSED } from './payloads.js';

const LIMIT = 256 * 1024;
const inflight = new Inflight(new LiveSettings('statuslens.yaml', {}));
const ENCODINGS = [
  '',
  'identity',
  'gzip',
  'x-gzip',
  'zstd',
  'deflate',
  'br',
  ' GZIP ',
  'gzip, gzip',
  'deflate;q=1',
];
const LINE = LOG_LINES[0]!;
const BODIES = [
  LINE,
  gzipSync(LINE),
  deflateSync(LINE),
  deflateRawSync(LINE),
  deflateSync(Buffer.alloc(2 * LIMIT)),
  Buffer.alloc(64, 1),
  Buffer.from('PK\x03\x04'),
  ...COMPRESSED.map(({ payload }) => payload),
];

/** Content-Encoding and body of a request: stored as they are, inflated within bounds, or refused. */
const body: Target = {
  name: 'http:body',
  corpus: ENCODINGS.flatMap((encoding) => BODIES.map((bytes) => joined(encoding, bytes))),
  words: ENCODINGS.slice(1),
  share: 60,
  async check(input) {
    const [encoding, bytes] = halves(input);
    try {
      const read = await passedThrough(
        readBody(bytes, encoding.toString('latin1')),
        LIMIT,
        new Hold(inflight, 'source'),
      );
      assert(['identity', 'gzip', 'zstd'].includes(read.encoding), read.encoding);
      assert(read.bytes.length > 0 || bytes.length > 0, 'an empty body is refused');
      assert(read.bytes === bytes || read.bytes.length <= LIMIT, 'inflated beyond the limit');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      assert(Object.hasOwn(REFUSALS, error.refusal), error.refusal);
      assert(
        Buffer.byteLength(JSON.stringify(refusalBody(error.refusal, error.detail))) < 1024,
        'the answer is long',
      );
    }
  },
};

const TOKEN = 's3cret-t0ken';
const USERNAME = 'me';
const PASSWORD = 'pass:word';
const RIGHT = [`Bearer ${TOKEN}`, `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`];
const hashOf = (secret: string) => ({ sha256: createHash('sha256').update(secret).digest() });
const CREDENTIALS = {
  bearers: [hashOf(TOKEN)],
  basic: { username: USERNAME, passwords: [hashOf(PASSWORD)] },
};
const NOBODY = { bearers: [], basic: undefined };

/** An Authorization header lets in who has the secret, and nobody else. */
const credentials: Target = {
  name: 'http:credentials',
  corpus: [...RIGHT, 'Bearer', 'Basic ', 'Digest a="b"', `bearer  ${TOKEN}`].map((header) =>
    Buffer.from(header),
  ),
  share: 100,
  async check(input) {
    const header = input.toString('latin1');
    const [, scheme = '', value = ''] = /^(\w*) +(.*)$/s.exec(header) ?? [];
    const isRight = {
      bearer: value === TOKEN,
      basic: Buffer.from(value, 'base64').toString() === `${USERNAME}:${PASSWORD}`,
    }[scheme.toLowerCase()];
    assert.equal(await isAuthorized(header, CREDENTIALS), isRight === true, 'who is let in');
    assert.equal(await isAuthorized(header, NOBODY), false, 'no credentials, nobody');
  },
};

/** An Idempotency-Key is told apart from every other, and from the same one of another source. */
const idempotencyKey: Target = {
  name: 'http:key',
  corpus: ['a', '6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'k'.repeat(255)].map((key) => Buffer.from(key)),
  share: 60,
  check(input) {
    const key = input.toString('latin1');
    const id = keyedBatchId('a', key);
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(keyedBatchId('a', key), id);
    for (const other of [keyedBatchId('b', key), keyedBatchId('a', `${key} `), keyedBatchId('', `a\0${key}`)])
      assert.notEqual(other, id, 'two keys, one batch');
  },
};

export const requestTargets: readonly Target[] = [body, credentials, idempotencyKey];
