import type { BatchEncoding, LogBatch } from './log-batch.js';
import { beginsAs } from './magic.js';

/**
 * How a payload is encoded: as its batch says. Where its sender tried twice, and ingest died or was replaced in between,
 * the bytes may be those of one try and the batch that of the other, which was compressed differently; then the first
 * bytes tell.
 */
export function storedEncoding({ encoding, bytes }: LogBatch, payload: Buffer): BatchEncoding {
  if (payload.length === bytes) return encoding;
  if (beginsAs('gzip', payload)) return 'gzip';
  return beginsAs('zstd', payload) ? 'zstd' : 'identity';
}
