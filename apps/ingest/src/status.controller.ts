import { Controller, Get, Header, Inject, ServiceUnavailableException } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { IngestMetrics } from './ingest-metrics.js';
import { REDIS } from './tokens.js';

/** How ingest is: for probes and for Prometheus. */
@Controller()
export class StatusController {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly metrics: IngestMetrics,
  ) {}

  @Get('/metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  @Get('/healthz')
  alive(): { status: string } {
    return { status: 'alive' };
  }

  @Get('/readyz')
  async ready(): Promise<{ status: string }> {
    await this.redis.ping().catch((error: Error) => {
      throw new ServiceUnavailableException({ status: 'unavailable', redis: error.message });
    });
    return { status: 'ready' };
  }
}
