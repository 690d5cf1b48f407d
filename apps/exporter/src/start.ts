import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { guardPages, httpServer } from '#listener';
import { collectProcessMetrics } from '#process-metrics';
import { Departure, closeConnectionsOnDeparture, collectReloadMetrics } from '#lifecycle';
import { listenError, type LiveSettings } from '#settings';
import { ExporterModule } from './exporter.module.js';
import { Scrape } from './scrape.js';

/**
 * Starts the pages that Prometheus scrapes. They tell of the process too.
 * @throws if the port cannot be opened
 */
export async function startExporter(settings: LiveSettings): Promise<NestFastifyApplication> {
  const { listen } = settings.now.exporter;
  const logger = new Logger('exporter');
  const app = await NestFactory.create<NestFastifyApplication>(
    ExporterModule.with(settings),
    new FastifyAdapter({
      serverFactory: httpServer(listen, 'exporter.listen', (problem) => logger.warn(problem)),
    }),
    // httpsOptions: app.getUrl() begins with https
    { logger: ['error', 'warn'], ...(listen.tls && { httpsOptions: {} }) },
  );
  guardPages(app.getHttpAdapter().getInstance(), () => settings.now.exporter.credentials);
  closeConnectionsOnDeparture(app.getHttpAdapter().getInstance(), app.get(Departure));
  collectReloadMetrics(app.get(Scrape).registry, settings);
  collectProcessMetrics(app.get(Scrape).registry);
  await app.listen(listen.port, listen.host).catch(async (error: unknown) => {
    await app.close();
    throw listenError(error, 'exporter.listen', listen, settings.file);
  });
  return app;
}
