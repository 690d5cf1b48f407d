import { BullModule } from '@nestjs/bullmq';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BATCH_QUEUE } from '#batches';
import { Keys, connectFailFast } from '#redis';
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
    const redis = connectFailFast(settings.redis.url!);
    return {
      module: ExporterModule,
      imports: [
        BullModule.registerQueue({
          name: BATCH_QUEUE,
          connection: redis,
          prefix: new Keys().queuePrefix,
        }),
      ],
      controllers: [StatusController, ExplainController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: REDIS, useValue: redis },
        ShownLedger,
        Scrape,
      ],
    };
  }

  /** BullMQ does not close a connection that it was given. */
  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
