/** Version of the message between ingest and worker. A worker reads this one and the one before. */
export const LOG_BATCH_VERSION = 1;

/** How the lines lie in the payload. `detect`: ingest has not looked, since they are compressed. */
export const BATCH_FORMATS = ['lines', 'json', 'detect'] as const;
export type BatchFormat = (typeof BATCH_FORMATS)[number];

export const BATCH_ENCODINGS = ['identity', 'gzip', 'zstd'] as const;
export type BatchEncoding = (typeof BATCH_ENCODINGS)[number];

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
  /** Whether the id follows from a key of the sender, who may repeat it for days. */
  readonly keyed: boolean;
}
