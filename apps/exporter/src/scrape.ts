import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { BATCH_QUEUE, type LogBatch } from '#batches';
import { Ledger } from '#ledger';
import { Keys } from '#redis';
import { VERSION, scopeOf, type Settings } from '#settings';
import { zeroSeries } from '#verdict';
import { render, type Exposition, type Family } from './exposition.js';
import { infoFamilies } from './info-families.js';
import { ledgerFamilies } from './ledger-families.js';
import { queueFamilies } from './queue-families.js';
import { redisFamilies } from './redis-families.js';
import { REDIS, SETTINGS } from './tokens.js';

interface LedgerPage {
  readonly revision: string;
  readonly counters: ReadonlyMap<string, number>;
  readonly families: readonly Family[];
}

/** Renders /metrics: the ledger as it is at this moment, the queue, and the metrics of this process. */
@Injectable()
export class Scrape {
  /** Of this process. */
  readonly registry = new Registry();
  private readonly ledger: Ledger;
  private readonly zeros: readonly string[];
  private readonly infos: readonly Family[];
  private page: LedgerPage | undefined;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @InjectQueue(BATCH_QUEUE) private readonly queue: Queue<LogBatch>,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    queue.on('error', () => {});
    this.ledger = new Ledger(redis, new Keys(), settings.claimHours);
    const { catalogue, sources } = settings;
    this.zeros = [...sources.values()].flatMap((source) => zeroSeries(catalogue, scopeOf(source, catalogue)));
    this.infos = infoFamilies(settings, VERSION);
  }

  /** @throws if Redis does not answer: a page without the ledger would look like a loss of all counters */
  async render(exposition: Exposition): Promise<string> {
    const page = await this.ledgerPage();
    const [queue, redis] = await Promise.all([
      queueFamilies(this.queue, page.counters, this.settings.ingest.queue.max_bytes, Date.now()),
      redisFamilies(this.redis),
    ]);
    const process = (await this.registry.getMetricsAsJSON()) as unknown as Family[];
    return render([...page.families, ...queue, ...redis, ...this.infos, ...process], exposition);
  }

  /** Read again only if something was counted since. */
  private async ledgerPage(): Promise<LedgerPage> {
    const revision = await this.ledger.revision();
    if (this.page?.revision !== revision) {
      const counters = await this.ledger.read();
      this.page = { revision, counters, families: ledgerFamilies(counters, this.zeros) };
    }
    return this.page;
  }
}
