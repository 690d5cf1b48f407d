import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { QueueView } from '#batches';
import { sliceOf } from '#conduct';
import { ConductLedger, Ledger } from '#ledger';
import { Keys, connectPatiently, isReady } from '#redis';
import { LiveSettings } from '#settings';
import { ConductOfSource } from './conduct-of-source.js';

const EVERY_MS = 1000;

/** Whoever looks every second has it without a break; from one that was killed another takes it over soon. */
const LEASE_MS = 5000;

/**
 * Sees to it that callers are judged: looks every second, source by source, whether slices of time are settled. Any worker
 * may do it, also two at once, and any may be killed: what counts is the commit of a slice, and there is one.
 */
@Injectable()
export class ConductKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ConductKeeper.name);
  private readonly holder = randomUUID();
  private readonly redis;
  private readonly queue: QueueView;
  private readonly conduct: ConductLedger;
  private readonly ledger: Ledger;
  /** Slices of time in which sources were looked at last for devices under maintenance. */
  private readonly glanced = new Map<string, number>();
  private readonly told = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(private readonly settings: LiveSettings) {
    const { redis, claims } = settings.now;
    const keys = new Keys();
    this.redis = connectPatiently(redis.access!);
    this.queue = new QueueView(this.redis, keys);
    this.conduct = new ConductLedger(this.redis, keys);
    this.ledger = new Ledger(this.redis, keys, claims);
  }

  onApplicationBootstrap(): void {
    this.begin();
  }

  /** Finishes the slices at hand, and leaves the rest to others. */
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

  /** Gives each source its turn. @returns whether there is more to do at once */
  private async keep(): Promise<boolean> {
    const { conduct, sources } = this.settings.now;
    let isMore = false;
    for (const source of conduct.enabled ? sources.keys() : []) {
      if (this.ended) return false;
      isMore = (await this.keepSource(source)) || isMore;
    }
    return isMore;
  }

  private async keepSource(source: string): Promise<boolean> {
    const seen = await this.tried(source, () => this.look(source));
    if (!seen?.waiting) return false;
    const { waiting, oldest } = seen;
    const ofSource = new ConductOfSource(source, this.settings.now, this.conduct, this.ledger);
    const slice = sliceOf(waiting.now);
    if (this.glanced.get(source) !== slice)
      await this.tried(source, () => ofSource.suspectMaintenance(waiting.now));
    this.glanced.set(source, slice);
    const progress = await this.tried(source, () => ofSource.judge(waiting, oldest));
    for (const fault of progress?.faults ?? []) this.logger.error(`callers of source ${source}: ${fault}`);
    return progress?.isMore ?? false;
  }

  /** The queue first: what a batch has that ends in between waits by then. */
  private async look(source: string) {
    const oldest = await this.queue.oldest();
    return { oldest, waiting: await this.conduct.look(source, this.holder, LEASE_MS) };
  }

  /** Redis being away is told by /readyz; what else fails is tried again, and said once. */
  private async tried<T>(source: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const trouble = `callers of source ${source} cannot be judged, and will be later: ${(error as Error).message}`;
      if (isReady(this.redis) && !this.ended && !this.told.has(trouble)) this.logger.error(trouble);
      this.told.add(trouble);
      return undefined;
    }
  }
}
