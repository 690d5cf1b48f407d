import 'reflect-metadata';
import { maxHeaderSize } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { collectProcessMetrics } from '#process-metrics';
import { listenError, type Settings } from '#settings';
import { IngestMetrics } from './ingest-metrics.js';
import { IngestModule } from './ingest.module.js';
import { HttpReceiver } from './receivers/http.js';

/** Longer than any shipper keeps an idle connection (75 s), so that it is never the server that closes it first. */
const KEEP_ALIVE_MS = 90_000;
const SLOWEST_REQUEST_MS = 300_000;

/**
 * Starts the receivers and the status pages of ingest.
 * @param processMetrics whether this app tells of the process; one app a process does
 * @throws if its port cannot be opened
 */
export async function startIngest(
  settings: Settings,
  { processMetrics }: { processMetrics: boolean },
): Promise<NestFastifyApplication> {
  const { listen, max_body } = settings.ingest;
  const adapter = new FastifyAdapter({
    bodyLimit: max_body,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: SLOWEST_REQUEST_MS,
    // a source with a long name is one that nobody knows, not a URI that is too long
    routerOptions: { maxParamLength: maxHeaderSize },
  });
  const app = await NestFactory.create<NestFastifyApplication>(IngestModule.with(settings), adapter, {
    logger: ['error', 'warn'],
  });
  app.getHttpServer().headersTimeout = KEEP_ALIVE_MS + 1000;
  await app.register(app.get(HttpReceiver).routes);
  if (processMetrics) collectProcessMetrics(app.get(IngestMetrics).registry);
  await app.listen(listen.port, listen.host).catch(async (error: unknown) => {
    await app.close();
    throw listenError(error, 'ingest.listen', listen, settings.file);
  });
  return app;
}
