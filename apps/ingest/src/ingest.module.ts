import { BullModule } from '@nestjs/bullmq';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BATCH_QUEUE, QUEUE_OPTIONS } from '#batches';
import { Keys, ReplicaBarrier, connectFailFast } from '#redis';
import { AppStatus, Departure, StatusController } from '#lifecycle';
import { LiveSettings } from '#settings';
import { BatchIntake } from './batch-intake.js';
import { IngestMetrics } from './ingest-metrics.js';
import { IngestStatus } from './ingest-status.js';
import { Inflight } from './inflight.js';
import { QueuePressure } from './queue-pressure.js';
import { HttpRequests } from './receivers/http-requests.js';
import { PlainHttpReceiver } from './receivers/http.js';
import { RECEIVER_PROVIDERS } from './receivers/index.js';
import { OpenReceivers } from './receivers/open-receivers.js';
import { Reception } from './reception.js';
import { RedisWarnings } from './redis-warnings.js';
import { SourceRates } from './source-rates.js';
import { StorableBodies } from './storable-bodies.js';
import { REDIS } from './tokens.js';

@Module({})
export class IngestModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  static with(settings: LiveSettings): DynamicModule {
    const redis = connectFailFast(settings.now.redis.access!);
    return {
      module: IngestModule,
      imports: [
        BullModule.registerQueue({
          ...QUEUE_OPTIONS,
          name: BATCH_QUEUE,
          connection: redis,
          prefix: new Keys().queuePrefix,
          // Nobody reads the events; a short stream is enough for tools that look in.
          streams: { events: { maxLen: 100 } },
        }),
      ],
      controllers: [StatusController],
      providers: [
        { provide: LiveSettings, useValue: settings },
        { provide: AppStatus, useClass: IngestStatus },
        { provide: REDIS, useValue: redis },
        { provide: ReplicaBarrier, useValue: new ReplicaBarrier(redis, settings.now.redis.replicas) },
        Departure,
        BatchIntake,
        HttpRequests,
        PlainHttpReceiver,
        ...RECEIVER_PROVIDERS,
        OpenReceivers,
        Reception,
        Inflight,
        QueuePressure,
        RedisWarnings,
        SourceRates,
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
