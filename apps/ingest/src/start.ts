import 'reflect-metadata';
import { maxHeaderSize } from 'node:http';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { guardPages, httpServer } from '#listener';
import { collectProcessMetrics } from '#process-metrics';
import { Departure, closeConnectionsOnDeparture, collectReloadMetrics } from '#lifecycle';
import { listenError, type LiveSettings } from '#settings';
import { IngestMetrics } from './ingest-metrics.js';
import { IngestModule } from './ingest.module.js';
import { HttpRequests } from './receivers/http-requests.js';
import { INGEST_ROUTE, PlainHttpReceiver } from './receivers/http.js';
import { OpenReceivers } from './receivers/open-receivers.js';

/**
 * Starts the receivers and the status pages of ingest.
 * @param processMetrics whether this app tells of the process; one app a process does
 * @throws if its port cannot be opened
 */
export async function startIngest(
  settings: LiveSettings,
  { processMetrics }: { processMetrics: boolean },
): Promise<NestFastifyApplication> {
  const { listen } = settings.now.ingest;
  const logger = new Logger('ingest');
  const adapter = new FastifyAdapter({
    return503OnClosing: false,
    serverFactory: httpServer(listen, 'ingest.listen', (problem) => logger.warn(problem)),
    // a source with a long name is one that nobody knows, not a URI that is too long
    routerOptions: { maxParamLength: maxHeaderSize },
  });
  const app = await NestFactory.create<NestFastifyApplication>(IngestModule.with(settings), adapter, {
    logger: ['error', 'warn'],
    // app.getUrl() begins with https
    ...(listen.tls && { httpsOptions: {} }),
  });
  const fastify = app.getHttpAdapter().getInstance();
  guardPages(fastify, () => settings.now.ingest.credentials, [INGEST_ROUTE]);
  closeConnectionsOnDeparture(fastify, app.get(Departure));
  await app.register(app.get(HttpRequests).scopeOf(app.get(PlainHttpReceiver)));
  collectReloadMetrics(app.get(IngestMetrics).registry, settings);
  if (processMetrics) collectProcessMetrics(app.get(IngestMetrics).registry);
  await app.listen(listen.port, listen.host).catch(async (error: unknown) => {
    await app.close();
    throw listenError(error, 'ingest.listen', listen, settings.file);
  });
  await app
    .get(OpenReceivers)
    .open()
    .catch(async (error: unknown) => {
      await app.close();
      throw error;
    });
  return app;
}
