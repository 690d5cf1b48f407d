import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { guardPages, httpServer } from '#listener';
import { collectProcessMetrics } from '#process-metrics';
import { Departure, closeConnectionsOnDeparture, collectReloadMetrics } from '#lifecycle';
import { listenError, type LiveSettings } from '#settings';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerModule } from './worker.module.js';

/**
 * Starts a worker and its status pages.
 * @param processMetrics whether this app tells of the process; one app a process does
 * @throws if its port cannot be opened
 */
export async function startWorker(
  settings: LiveSettings,
  { processMetrics }: { processMetrics: boolean },
): Promise<NestFastifyApplication> {
  const { listen } = settings.now.worker;
  const logger = new Logger('worker');
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.with(settings),
    new FastifyAdapter({
      serverFactory: httpServer(listen, 'worker.listen', (problem) => logger.warn(problem)),
    }),
    // httpsOptions: app.getUrl() begins with https
    { logger: ['error', 'warn'], ...(listen.tls && { httpsOptions: {} }) },
  );
  guardPages(app.getHttpAdapter().getInstance(), () => settings.now.worker.credentials);
  closeConnectionsOnDeparture(app.getHttpAdapter().getInstance(), app.get(Departure));
  collectReloadMetrics(app.get(WorkerMetrics).registry, settings);
  if (processMetrics) collectProcessMetrics(app.get(WorkerMetrics).registry);
  await app.listen(listen.port, listen.host).catch(async (error: unknown) => {
    await app.close();
    throw listenError(error, 'worker.listen', listen, settings.file);
  });
  return app;
}
