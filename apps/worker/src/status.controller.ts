import {
  Controller,
  Get,
  Header,
  Inject,
  ServiceUnavailableException,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { Keys, connectFailFast, mustWrite } from '#redis';
import type { Settings } from '#settings';
import { SETTINGS } from './tokens.js';
import { WorkerMetrics } from './worker-metrics.js';

/** How this worker is: for probes and for Prometheus. */
@Controller()
export class StatusController implements OnModuleDestroy {
  private readonly redis;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly metrics: WorkerMetrics,
  ) {
    this.redis = connectFailFast(settings.redis.access!);
  }

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
    await mustWrite(this.redis, new Keys()).catch((error: Error) => {
      throw new ServiceUnavailableException({ status: 'unavailable', redis: error.message });
    });
    return { status: 'ready' };
  }

  onModuleDestroy(): void {
    this.redis.disconnect();
  }
}
