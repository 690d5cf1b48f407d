import { gzipSync } from 'node:zlib';
import type { BatchEncoding, LogBatch } from './log-batch.js';
import { storedEncoding } from './stored-encoding.js';

const LINES = Buffer.from('one line of a log\n'.repeat(10));
const ZIPPED = gzipSync(LINES);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04]);

const batch = (encoding: BatchEncoding, bytes: number): LogBatch => ({
  v: 2,
  id: 'a',
  source: 'default',
  format: 'detect',
  encoding,
  receivedAt: 0,
  bytes,
  keyed: true,
});

describe('how a payload is encoded', () => {
  it('is what its batch says, damaged or not', () => {
    expect(storedEncoding(batch('gzip', ZIPPED.length), ZIPPED)).toBe('gzip');
    expect(storedEncoding(batch('gzip', LINES.length), LINES)).toBe('gzip');
    expect(storedEncoding(batch('identity', ZIPPED.length), ZIPPED)).toBe('identity');
  });

  it.each([
    { payload: LINES, told: 'gzip', is: 'identity' },
    { payload: ZIPPED, told: 'identity', is: 'gzip' },
    { payload: ZSTD, told: 'gzip', is: 'zstd' },
  ] as const)('is told by its bytes where they are those of another try ($is)', ({ payload, told, is }) => {
    expect(storedEncoding(batch(told, payload.length + 1), payload)).toBe(is);
  });
});
