import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { connectFailFast } from '#redis';
import { AppStatus, Departure, StatusController } from '#lifecycle';
import { LiveSettings } from '#settings';
import { ExplainController } from './explain.controller.js';
import { ExporterStatus } from './exporter-status.js';
import { Scrape } from './scrape.js';
import { ShownLedger } from './shown-ledger.js';
import { REDIS } from './tokens.js';

@Module({})
export class ExporterModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  static with(settings: LiveSettings): DynamicModule {
    const redis = connectFailFast(settings.now.redis.access!);
    return {
      module: ExporterModule,
      controllers: [StatusController, ExplainController],
      providers: [
        { provide: LiveSettings, useValue: settings },
        { provide: AppStatus, useClass: ExporterStatus },
        { provide: REDIS, useValue: redis },
        Departure,
        ShownLedger,
        Scrape,
      ],
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
