import type { JobsOptions, QueueOptions, WorkerOptions } from 'bullmq';

/** Name of the BullMQ queue. */
export const BATCH_QUEUE = 'batches';

const LONGEST_BACKOFF_MS = 10_000;

/**
 * A job is retried for as long as its fault is one of the infrastructure; a batch that can never be read is
 * buried by the worker and its job succeeds. So no job ever fails for good.
 */
export const JOB_OPTIONS = {
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'capped' },
  removeOnComplete: true,
  removeOnFail: false,
  stackTraceLimit: 1,
} as const satisfies JobsOptions;

/** What everybody who opens the queue needs: to know the version, BullMQ asks INFO, which may be forbidden. */
export const QUEUE_OPTIONS = { skipVersionCheck: true } as const satisfies Partial<QueueOptions>;

/** What every worker of the queue needs: the default `maxStalledCount` of 1 would fail a job on the second kill -9. */
export const WORKER_OPTIONS = {
  ...QUEUE_OPTIONS,
  maxStalledCount: Number.MAX_SAFE_INTEGER,
  settings: {
    backoffStrategy: (attempts?: number) => Math.min(100 * 2 ** (attempts ?? 1), LONGEST_BACKOFF_MS),
  },
} as const satisfies Partial<WorkerOptions>;
