import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { connectFailFast } from '#redis';
import type { Settings } from '#settings';
import { ExplainController } from './explain.controller.js';
import { Scrape } from './scrape.js';
import { ShownLedger } from './shown-ledger.js';
import { StatusController } from './status.controller.js';
import { REDIS, SETTINGS } from './tokens.js';

@Module({})
export class ExporterModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  static with(settings: Settings): DynamicModule {
    const redis = connectFailFast(settings.redis.access!);
    return {
      module: ExporterModule,
      controllers: [StatusController, ExplainController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: REDIS, useValue: redis },
        ShownLedger,
        Scrape,
      ],
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
