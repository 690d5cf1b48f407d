import { QueueKeys } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keys } from '#redis';
import { BATCH_QUEUE } from './queue.js';

/** Where BullMQ keeps the jobs of each state: in lists, the oldest at the end, or sorted by when they are due. */
const STATES = {
  waiting: { key: 'wait', sorted: false },
  active: { key: 'active', sorted: false },
  delayed: { key: 'delayed', sorted: true },
  failed: { key: 'failed', sorted: true },
} as const;

export type QueueState = keyof typeof STATES;

/** The states of batches that will be counted yet. */
const UNENDED: readonly QueueState[] = ['waiting', 'active', 'delayed'];

/**
 * Looks at the queue with commands that read. BullMQ's own getters are scripts that may write, which is no matter for a
 * user that may only read.
 */
export class QueueView {
  private readonly bullmq: QueueKeys;

  constructor(
    private readonly redis: Redis,
    keys: Keys,
  ) {
    this.bullmq = new QueueKeys(keys.queuePrefix);
  }

  /** How many batches are in each state, at one moment. */
  async counts(): Promise<Record<QueueState, number>> {
    const states = Object.entries(STATES) as [QueueState, (typeof STATES)[QueueState]][];
    const transaction = this.redis.multi();
    for (const [, { key, sorted }] of states)
      if (sorted) transaction.zcard(this.key(key));
      else transaction.llen(this.key(key));
    const answers = await answersOf<number>(transaction.exec());
    return Object.fromEntries(states.map(([state], i) => [state, answers[i]!])) as Record<QueueState, number>;
  }

  /** How many batches will be counted yet. */
  async unended(): Promise<number> {
    const counts = await this.counts();
    return UNENDED.reduce((sum, state) => sum + counts[state], 0);
  }

  /** Epoch milliseconds at which the oldest batch of the queue was queued; undefined if there is none. */
  async oldest(): Promise<number | undefined> {
    const times = await Promise.all(UNENDED.map((state) => this.oldestIn(state)));
    const known = times.filter((time) => time !== undefined);
    return known.length > 0 ? Math.min(...known) : undefined;
  }

  private async oldestIn(state: QueueState): Promise<number | undefined> {
    const { key, sorted } = STATES[state];
    const [id] = sorted
      ? await this.redis.zrange(this.key(key), '0', '0')
      : await this.redis.lrange(this.key(key), -1, -1);
    const time = id === undefined ? null : await this.redis.hget(this.key(id), 'timestamp');
    return time === null ? undefined : Number(time);
  }

  private key(name: string): string {
    return this.bullmq.toKey(BATCH_QUEUE, name);
  }
}

/** @throws if any command of a transaction failed */
async function answersOf<T>(transaction: Promise<[Error | null, unknown][] | null>): Promise<T[]> {
  return ((await transaction) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer as T;
  });
}
