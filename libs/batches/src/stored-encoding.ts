import type { BatchEncoding, LogBatch } from './log-batch.js';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * How a payload is encoded: as its batch says. Where its sender tried twice, and ingest died or was replaced in between,
 * the bytes may be those of one try and the batch that of the other, which was compressed differently; then the first
 * bytes tell.
 */
export function storedEncoding({ encoding, bytes }: LogBatch, payload: Buffer): BatchEncoding {
  if (payload.length === bytes) return encoding;
  if (startsWith(payload, GZIP_MAGIC)) return 'gzip';
  return startsWith(payload, ZSTD_MAGIC) ? 'zstd' : 'identity';
}

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);
