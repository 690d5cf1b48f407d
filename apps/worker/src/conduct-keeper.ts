import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { QueueView } from '#batches';
import { connectPatiently, isReady, Keys } from '#redis';
import { LiveSettings } from '#settings';
import { ConductOfSource } from './conduct-of-source.js';

const EVERY_MS = 1000;

/**
 * Sees to it that callers are judged: looks every second, source by source, whether slices of time are settled. Any worker
 * may do it, also two at once, and any may be killed: what counts is the commit of a slice, and there is one.
 */
@Injectable()
export class ConductKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ConductKeeper.name);
  private readonly redis;
  private readonly queue: QueueView;
  private readonly conduct: ConductOfSource;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private ended = false;
  private told: string | undefined;

  constructor(private readonly settings: LiveSettings) {
    const keys = new Keys();
    this.redis = connectPatiently(settings.now.redis.access!);
    this.queue = new QueueView(this.redis, keys);
    this.conduct = new ConductOfSource(this.redis, keys, randomUUID(), this.logger);
  }

  onApplicationBootstrap(): void {
    this.begin();
  }

  /** Finishes what it is about, and leaves the rest to others. */
  async onModuleDestroy(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    if (isReady(this.redis)) await this.round;
    this.redis.disconnect();
  }

  private begin(): void {
    this.round = this.keep().then((isMore) => {
      if (!this.ended) this.timer = setTimeout(() => this.begin(), isMore ? 0 : EVERY_MS).unref();
    });
  }

  /** @returns whether there is more to do at once */
  private async keep(): Promise<boolean> {
    const { conduct, sources } = this.settings.now;
    let isMore = false;
    for (const source of conduct.enabled ? sources.keys() : []) {
      if (this.ended) return false;
      try {
        isMore = (await this.conduct.judge(source, this.settings.now, await this.queue.oldest())) || isMore;
        this.told = undefined;
      } catch (error) {
        this.tell(source, error as Error);
      }
    }
    return isMore;
  }

  /** Redis being away is told by /readyz; what else goes wrong is tried again, and said once. */
  private tell(source: string, { message }: Error): void {
    if (!isReady(this.redis) || message === this.told) return;
    this.told = message;
    this.logger.error(`callers of source ${source} cannot be judged: ${message}`);
  }
}
