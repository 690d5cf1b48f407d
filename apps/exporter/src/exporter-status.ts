import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { AppStatus, type MetricsPage } from '#lifecycle';
import { Keys, mustRead } from '#redis';
import { EXPOSITIONS, expositionFor } from './exposition.js';
import { Scrape } from './scrape.js';
import { ShownLedger } from './shown-ledger.js';
import { REDIS } from './tokens.js';

/** The page that Prometheus scrapes; the exporter is ready while it could show it. */
@Injectable()
export class ExporterStatus extends AppStatus {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly scrape: Scrape,
    private readonly ledger: ShownLedger,
  ) {
    super();
  }

  async metrics(accept: string | undefined): Promise<MetricsPage> {
    const exposition = expositionFor(accept);
    return { type: EXPOSITIONS[exposition], text: await this.scrape.render(exposition) };
  }

  async ready(): Promise<{ state: string }> {
    await mustRead(this.redis, new Keys());
    const fault = this.ledger.keepingFails;
    return { state: fault === undefined ? 'kept' : `cannot be kept: ${fault}` };
  }
}
