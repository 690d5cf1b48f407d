import { Module, type DynamicModule } from '@nestjs/common';
import { AppStatus, Departure, StatusController } from '#lifecycle';
import { LiveSettings } from '#settings';
import { BatchClassifier } from './batch-classifier.js';
import { BatchConsumer } from './batch-consumer.js';
import { ConductKeeper } from './conduct-keeper.js';
import { DeadKeeper } from './dead-keeper.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerStatus } from './worker-status.js';

@Module({})
export class WorkerModule {
  static with(settings: LiveSettings): DynamicModule {
    return {
      module: WorkerModule,
      controllers: [StatusController],
      providers: [
        { provide: LiveSettings, useValue: settings },
        { provide: AppStatus, useClass: WorkerStatus },
        Departure,
        BatchClassifier,
        BatchConsumer,
        DeadKeeper,
        ConductKeeper,
        WorkerMetrics,
      ],
    };
  }
}
