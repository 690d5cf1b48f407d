import { BullModule } from '@nestjs/bullmq';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BATCH_QUEUE } from '#batches';
import { Keys, connectFailFast } from '#redis';
import type { Settings } from '#settings';
import { BatchIntake } from './batch-intake.js';
import { IngestMetrics } from './ingest-metrics.js';
import { Inflight } from './inflight.js';
import { QueuePressure } from './queue-pressure.js';
import { HttpReceiver } from './receivers/http.js';
import { RedisWarnings } from './redis-warnings.js';
import { StorableBodies } from './storable-bodies.js';
import { StatusController } from './status.controller.js';
import { REDIS, SETTINGS } from './tokens.js';

@Module({})
export class IngestModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  static with(settings: Settings): DynamicModule {
    const redis = connectFailFast(settings.redis.url!);
    return {
      module: IngestModule,
      imports: [
        BullModule.registerQueue({
          name: BATCH_QUEUE,
          connection: redis,
          prefix: new Keys().queuePrefix,
          // Nobody reads the events; a short stream is enough for tools that look in.
          streams: { events: { maxLen: 100 } },
        }),
      ],
      controllers: [StatusController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: REDIS, useValue: redis },
        BatchIntake,
        HttpReceiver,
        Inflight,
        QueuePressure,
        RedisWarnings,
        StorableBodies,
        IngestMetrics,
      ],
    };
  }

  /** BullMQ does not close a connection that it was given. */
  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
