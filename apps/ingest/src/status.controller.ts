import { Controller, Get, Header, Inject, ServiceUnavailableException } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { Keys, ReplicaBarrier, mustWrite } from '#redis';
import { IngestMetrics } from './ingest-metrics.js';
import { REDIS } from './tokens.js';

/** How ingest is: for probes and for Prometheus. */
@Controller()
export class StatusController {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly metrics: IngestMetrics,
    private readonly replicas: ReplicaBarrier,
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
    await this.replicas
      .through(() => mustWrite(this.redis, new Keys()))
      .catch((error: Error) => {
        throw new ServiceUnavailableException({ status: 'unavailable', redis: error.message });
      });
    return { status: 'ready' };
  }
}
