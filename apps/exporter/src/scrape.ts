import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { QueueView, type LogBatch } from '#batches';
import { conductZeroSeries } from '#conduct';
import { DeadBatches } from '#ledger';
import { ledgerField } from '#metric-names';
import { Keys } from '#redis';
import { LiveSettings, VERSION, scopeOf, type Settings } from '#settings';
import { zeroSeries } from '#verdict';
import { claimFamilies } from './claim-families.js';
import { deadFamilies } from './dead-families.js';
import { render, type Exposition, type Family } from './exposition.js';
import { infoFamilies } from './info-families.js';
import { LedgerFamilies } from './ledger-families.js';
import { queueFamilies } from './queue-families.js';
import { redisFamilies } from './redis-families.js';
import { ShownLedger, type ShownPage } from './shown-ledger.js';
import { withoutStandingGauges } from './standing-gauges.js';
import { stateFamilies } from './state-families.js';
import { REDIS } from './tokens.js';

/** Renders /metrics: the ledger as it is at this moment, the queue, and the metrics of this process. */
@Injectable()
export class Scrape {
  /** Of this process. */
  readonly registry = new Registry();
  private readonly ledgerFamilies = new LedgerFamilies();
  private readonly queue: QueueView;
  private readonly dead: DeadBatches<LogBatch>;
  private ofSettings: OfSettings;
  private latest: Rendered | undefined;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly ledger: ShownLedger,
    private readonly settings: LiveSettings,
  ) {
    this.queue = new QueueView(redis, new Keys());
    this.dead = new DeadBatches(redis, new Keys(), settings.now.claims);
    this.ofSettings = ofSettings(settings.now);
  }

  /** @throws if Redis does not answer: a page without the ledger would look like a loss of all counters */
  async render(exposition: Exposition): Promise<string> {
    const page = await this.ledger.page();
    const { settings, infos } = this.current();
    const now = Date.now();
    const [queue, claims, dead, redis] = await Promise.all([
      queueFamilies(this.queue, page.counted, settings.ingest.queue.max_bytes, now),
      claimFamilies(this.redis, new Keys(), settings.claims),
      deadFamilies(this.dead, now),
      redisFamilies(this.redis),
    ]);
    const process = (await this.registry.getMetricsAsJSON()) as unknown as Family[];
    const state = stateFamilies(page.regressions, this.ledger.keepingFails === undefined);
    return render(
      [...this.families(page), ...state, ...queue, ...claims, ...dead, ...redis, ...infos, ...process],
      exposition,
    );
  }

  /** Made again only if something was counted since, or other series are to be there. */
  private families(page: ShownPage): readonly Family[] {
    const { settings, zeros } = this.current();
    if (this.latest?.page !== page || this.latest.zeros !== zeros) {
      const counters = withoutStandingGauges(page.counters, settings);
      this.latest = { page, zeros, families: this.ledgerFamilies.of(counters, zeros) };
    }
    return this.latest.families;
  }

  private current(): OfSettings {
    if (this.ofSettings.settings !== this.settings.now) this.ofSettings = ofSettings(this.settings.now);
    return this.ofSettings;
  }
}

/** What is shown because settings say so, whatever was counted. */
interface OfSettings {
  readonly settings: Settings;
  readonly zeros: readonly string[];
  readonly infos: readonly Family[];
}

/** The ledger's families, and what they were made of. */
interface Rendered {
  readonly page: ShownPage;
  readonly zeros: readonly string[];
  readonly families: readonly Family[];
}

function ofSettings(settings: Settings): OfSettings {
  const { catalogue, sources, conduct } = settings;
  const scopes = [...sources.values()].map((source) => scopeOf(source, catalogue));
  const zeros = scopes.flatMap((scope) => zeroSeries(catalogue, scope));
  if (conduct.enabled) zeros.push(...scopes.flatMap((scope) => conductZeroSeries(catalogue, scope)));
  zeros.push(ledgerField('claimsEvicted'));
  return { settings, zeros, infos: infoFamilies(settings, VERSION) };
}
