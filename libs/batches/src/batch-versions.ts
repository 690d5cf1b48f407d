import { LOG_BATCH_VERSION, type LogBatch } from './log-batch.js';

/** A batch as another version of ingest wrote it: what is known of it is its version and its id. */
export type WrittenBatch = Pick<LogBatch, 'v' | 'id'>;

/**
 * How what lies in the queue is read, by the version that wrote it: the current one, which needs no reading, and the one
 * before. A new version adds its row here and turns the row of the old one into a function that gives today's batch;
 * the row before that goes. test/fixtures/batch-v<N>.json is what version N leaves in Redis.
 */
const READERS: ReadonlyMap<number, (written: WrittenBatch) => LogBatch> = new Map([
  [2, (written) => written as LogBatch],
  // a batch of lines as they came: 2 knows reduced ones besides
  [1, (written) => written as LogBatch],
]);

export const READABLE_VERSIONS: readonly number[] = [...READERS.keys()];

/** This process cannot read the batch; another version of it can, so the batch must wait. */
export class UnknownBatchVersion extends Error {
  constructor(version: number) {
    const how = version > LOG_BATCH_VERSION ? 'newer than this worker' : 'older than this worker can read';
    super(`its version ${version} is ${how}, which reads ${READABLE_VERSIONS.join(' and ')}`);
    this.name = 'UnknownBatchVersion';
  }
}

/** @throws UnknownBatchVersion */
export function readBatch(written: WrittenBatch): LogBatch {
  const reader = READERS.get(written.v);
  if (!reader) throw new UnknownBatchVersion(written.v);
  return reader(written);
}
