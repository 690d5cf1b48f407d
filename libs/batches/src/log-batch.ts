/** Version of the message between ingest and worker. A worker reads this one and the one before. */
export const LOG_BATCH_VERSION = 2;

/**
 * How events lie in the payload. `detect`: as the sender framed them, which ingest cannot know of compressed bytes:
 * lines, JSON objects one after the other, or a JSON array. `reduced`: lines that ingest made of them, for a source
 * with `privacy: strict`.
 */
export type BatchFormat = 'detect' | 'reduced';

export type BatchEncoding = 'identity' | 'gzip' | 'zstd';

/** What the queue carries of a batch. Its bytes lie in Redis beside the job, see {@link PayloadStore}. */
export interface LogBatch {
  readonly v: number;
  /** Also the id of the job. */
  readonly id: string;
  readonly source: string;
  readonly format: BatchFormat;
  readonly encoding: BatchEncoding;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Bytes of the payload as stored. */
  readonly bytes: number;
  /** Whether the id follows from a key of the sender, or from the bytes, and may come again for days. */
  readonly keyed: boolean;
}
