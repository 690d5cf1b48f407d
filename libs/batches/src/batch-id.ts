import { createHash, randomUUID } from 'node:crypto';

/** A batch without a key of its sender: every one is new. */
export const freshBatchId = (): string => randomUUID();

/** A repeated key of the same source gives the same batch, so that it counts once. */
export const keyedBatchId = (source: string, key: string): string =>
  createHash('sha256').update(source).update('\0').update(key).digest('hex').slice(0, 32);

/** The same bytes of the same source give the same batch. Never that of a key: no header holds a NUL. */
export const contentBatchId = (source: string, bytes: Uint8Array): string =>
  createHash('sha256').update(source).update('\0\0').update(bytes).digest('hex').slice(0, 32);
