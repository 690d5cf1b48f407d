import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { QueueView, type LogBatch } from '#batches';
import { DeadBatches } from '#ledger';
import { ledgerField } from '#metric-names';
import { Keys } from '#redis';
import { VERSION, scopeOf, type Settings } from '#settings';
import { zeroSeries } from '#verdict';
import { claimFamilies } from './claim-families.js';
import { deadFamilies } from './dead-families.js';
import { render, type Exposition, type Family } from './exposition.js';
import { infoFamilies } from './info-families.js';
import { ledgerFamilies } from './ledger-families.js';
import { queueFamilies } from './queue-families.js';
import { redisFamilies } from './redis-families.js';
import { ShownLedger, type ShownPage } from './shown-ledger.js';
import { stateFamilies } from './state-families.js';
import { REDIS, SETTINGS } from './tokens.js';

/** Renders /metrics: the ledger as it is at this moment, the queue, and the metrics of this process. */
@Injectable()
export class Scrape {
  /** Of this process. */
  readonly registry = new Registry();
  private readonly queue: QueueView;
  private readonly dead: DeadBatches<LogBatch>;
  private readonly zeros: readonly string[];
  private readonly infos: readonly Family[];
  private latest: { readonly page: ShownPage; readonly families: readonly Family[] } | undefined;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly ledger: ShownLedger,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.queue = new QueueView(redis, new Keys());
    this.dead = new DeadBatches(redis, new Keys(), settings.claims);
    const { catalogue, sources } = settings;
    this.zeros = [
      ...[...sources.values()].flatMap((source) => zeroSeries(catalogue, scopeOf(source, catalogue))),
      ledgerField('claimsEvicted'),
    ];
    this.infos = infoFamilies(settings, VERSION);
  }

  /** @throws if Redis does not answer: a page without the ledger would look like a loss of all counters */
  async render(exposition: Exposition): Promise<string> {
    const page = await this.ledger.page();
    const now = Date.now();
    const [queue, claims, dead, redis] = await Promise.all([
      queueFamilies(this.queue, page.counted, this.settings.ingest.queue.max_bytes, now),
      claimFamilies(this.redis, new Keys(), this.settings.claims),
      deadFamilies(this.dead, now),
      redisFamilies(this.redis),
    ]);
    const process = (await this.registry.getMetricsAsJSON()) as unknown as Family[];
    const state = stateFamilies(page.regressions, this.ledger.keepingFails === undefined);
    return render(
      [...this.families(page), ...state, ...queue, ...claims, ...dead, ...redis, ...this.infos, ...process],
      exposition,
    );
  }

  /** Made again only if something was counted since. */
  private families(page: ShownPage): readonly Family[] {
    if (this.latest?.page !== page)
      this.latest = { page, families: ledgerFamilies(page.counters, this.zeros) };
    return this.latest.families;
  }
}
