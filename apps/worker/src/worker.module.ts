import { Module, type DynamicModule } from '@nestjs/common';
import type { Settings } from '#settings';
import { BatchClassifier } from './batch-classifier.js';
import { BatchConsumer } from './batch-consumer.js';
import { DeadKeeper } from './dead-keeper.js';
import { StatusController } from './status.controller.js';
import { SETTINGS } from './tokens.js';
import { WorkerMetrics } from './worker-metrics.js';

@Module({})
export class WorkerModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: WorkerModule,
      controllers: [StatusController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        BatchClassifier,
        BatchConsumer,
        DeadKeeper,
        WorkerMetrics,
      ],
    };
  }
}
