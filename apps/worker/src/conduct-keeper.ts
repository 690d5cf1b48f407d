import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { QueueView } from '#batches';
import { sliceOf } from '#conduct';
import { ConductLedger, Ledger, type WaitingConduct } from '#ledger';
import { Keys, connectPatiently, isReady } from '#redis';
import { LiveSettings, type Settings } from '#settings';
import { ConductOfSource } from './conduct-of-source.js';
import { dueStretch } from './due-slices.js';
import { ThreadOfJudging } from './thread-of-judging.js';

const EVERY_MS = 1000;

/** Longer than a stretch takes to be judged; what one that was killed was about is taken over soon. */
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
  private readonly thread = new ThreadOfJudging();
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
    await this.thread.close();
    this.redis.disconnect();
  }

  private begin(): void {
    this.round = this.keep().then((isMore) => {
      if (!this.ended) this.timer = setTimeout(() => this.begin(), isMore ? 0 : EVERY_MS).unref();
    });
  }

  /** Gives each source its turn. @returns whether there is more to do at once */
  private async keep(): Promise<boolean> {
    const settings = this.settings.now;
    if (!settings.conduct.enabled) return false;
    let isMore = false;
    // before any look: what a batch has that ends in between waits then
    const queue = await this.tried('the queue', async () => ({ oldest: await this.queue.oldest() }));
    for (const source of queue && !this.ended ? settings.sources.keys() : []) {
      const work = () => this.keepSource(source, settings, queue?.oldest);
      isMore = (await this.tried(`callers of source ${source}`, work)) || isMore;
      if (this.ended) return false;
    }
    return isMore;
  }

  private async keepSource(
    source: string,
    settings: Settings,
    oldestQueued: number | undefined,
  ): Promise<boolean> {
    const waiting = await this.conduct.look(source);
    const slice = sliceOf(waiting.now);
    const isGlanced = this.glanced.get(source) === slice;
    const stretch = dueStretch(waiting, {
      lateAfterMs: settings.lateAfterMs,
      oldestQueued,
      maxBytes: settings.conduct.maxBytes,
    });
    if (!hasBegun(waiting) || (isGlanced && !stretch)) return false;
    this.glanced.set(source, slice);
    if (!(await this.conduct.lease(source, this.holder, LEASE_MS))) return false;
    const ofSource = new ConductOfSource(source, settings, this.conduct, this.ledger, this.thread);
    if (!isGlanced)
      await this.tried(`devices of source ${source}`, () => ofSource.suspectMaintenance(waiting.now));
    if (!stretch) return false;
    const faults = await ofSource.judge(stretch, waiting.judged);
    for (const fault of faults) this.logger.error(`callers of source ${source}: ${fault}`);
    return stretch.isMore;
  }

  /** Redis being away is told by /readyz; what else fails is tried again, and said once. */
  private async tried<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const trouble = `${what} cannot be judged, and will be later: ${(error as Error).message}`;
      if (isReady(this.redis) && !this.ended && !this.told.has(trouble)) this.logger.error(trouble);
      this.told.add(trouble);
      return undefined;
    }
  }
}

/** Whether anything has come of a source. */
const hasBegun = ({ judged, slices }: WaitingConduct): boolean => judged >= 0 || slices.length > 0;
