import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Queue } from 'bullmq';
import { BATCH_QUEUE, QUEUE_OPTIONS, ReplayQueue, type LogBatch } from '#batches';
import { DeadBatches } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import { LiveSettings } from '#settings';

const EVERY_MS = 60_000;

/**
 * Sees to the dead batches once a minute: those that are too old go, even when nothing else dies, and a replay that
 * was broken off is finished.
 */
@Injectable()
export class DeadKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly redis;
  private readonly queue: Queue<LogBatch>;
  private readonly dead: DeadBatches<LogBatch>;
  private readonly replays: ReplayQueue;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(private readonly settings: LiveSettings) {
    const keys = new Keys();
    this.redis = connectPatiently(settings.now.redis.access!);
    this.queue = new Queue(BATCH_QUEUE, {
      ...QUEUE_OPTIONS,
      connection: this.redis,
      prefix: keys.queuePrefix,
    });
    this.queue.on('error', () => {});
    this.dead = new DeadBatches(this.redis, keys, settings.now.claims);
    this.replays = new ReplayQueue(this.redis, this.queue, keys);
  }

  onApplicationBootstrap(): void {
    void this.keep();
  }

  onModuleDestroy(): void {
    this.ended = true;
    clearTimeout(this.timer);
    // BullMQ does not close a connection that it was given.
    this.redis.disconnect();
  }

  /** What Redis refuses now is done a minute later. */
  private async keep(): Promise<void> {
    await this.replays.finish().catch(() => {});
    await this.dead.trim(this.settings.now.dead).catch(() => {});
    if (!this.ended) this.timer = setTimeout(() => void this.keep(), EVERY_MS).unref();
  }
}
