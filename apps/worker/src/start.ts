import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startApp } from '#lifecycle';
import type { LiveSettings } from '#settings';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerModule } from './worker.module.js';

/**
 * Starts a worker and its status pages.
 * @param processMetrics whether this app tells of the process; one app a process does
 * @throws if its port cannot be opened
 */
export const startWorker = (
  settings: LiveSettings,
  { processMetrics }: { processMetrics: boolean },
): Promise<NestFastifyApplication> =>
  startApp('worker', settings, {
    module: WorkerModule.with(settings),
    metrics: WorkerMetrics,
    processMetrics,
  });
