import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import {
  BATCH_QUEUE,
  BatchProducer,
  contentBatchId,
  freshBatchId,
  keyedBatchId,
  type Accepted,
  type Acceptance,
  type LogBatch,
} from '#batches';
import { batchFields } from '#metric-names';
import { Keys, ReplicaBarrier, isReady } from '#redis';
import { LiveSettings } from '#settings';
import type { Body } from './body.js';
import { QueuePressure } from './queue-pressure.js';
import { Refused } from './refusal.js';
import { REDIS } from './tokens.js';

/** Senders are told within 2 s whether their lines are safe. */
const DEADLINE_MS = 1800;

export type BatchIdentity = Pick<LogBatch, 'id' | 'keyed'>;

/** What became of a batch. */
export interface Taken {
  readonly id: string;
  readonly accepted: Accepted;
}

/** Puts what a receiver took into the queue. {@link Reception} alone comes here. */
@Injectable()
export class BatchIntake {
  private readonly logger = new Logger(BatchIntake.name);
  private readonly producer: BatchProducer;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @InjectQueue(BATCH_QUEUE) queue: Queue<LogBatch>,
    private readonly settings: LiveSettings,
    private readonly pressure: QueuePressure,
    private readonly replicas: ReplicaBarrier,
  ) {
    // Redis being away is told to senders and by /readyz.
    queue.on('error', () => {});
    this.producer = new BatchProducer(redis, queue, new Keys());
  }

  /**
   * Resolves once the batch is stored safely.
   * @param again whether it was tried before under the same identity
   * @throws Refused `unavailable` if that cannot be promised now
   */
  async take(source: string, body: Body, identity: BatchIdentity, again = false): Promise<Taken> {
    // BullMQ would wait without end for a first connection.
    if (!isReady(this.redis)) throw new Refused('unavailable', 'Redis is away.');
    const { bytes, encoding, format } = body;
    const batch = {
      ...identity,
      source,
      format,
      encoding,
      receivedAt: Date.now(),
      bytes: bytes.length,
    };
    try {
      const accepted = await within(
        DEADLINE_MS,
        this.replicas.through(() => this.producer.add(batch, bytes, acceptance(source, bytes.length), again)),
      );
      if (accepted === 'accepted') this.pressure.accepted(source, bytes.length);
      return { id: batch.id, accepted };
    } catch (error) {
      this.logger.warn(`batch of source ${source} was not stored: ${(error as Error).message}`);
      throw new Refused('unavailable');
    }
  }

  /**
   * What tells a repeat of the batch from another one.
   * @param bytes as they will be stored
   * @param key of the sender, the same for every repeat of the same lines
   */
  identify(source: string, bytes: Buffer, key: string | undefined): BatchIdentity {
    if (key !== undefined) return { id: keyedBatchId(source, key), keyed: true };
    if (this.settings.now.sources.get(source)?.repeatsByContent)
      return { id: contentBatchId(source, bytes), keyed: true };
    return { id: freshBatchId(), keyed: false };
  }
}

const acceptance = (source: string, bytes: number): Acceptance => ({
  accepted: batchFields(source, 'accepted', bytes),
  duplicate: batchFields(source, 'duplicate', bytes),
});

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis took longer than ${ms} ms`)), ms);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
