import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startApp } from '#lifecycle';
import type { LiveSettings } from '#settings';
import { IngestMetrics } from './ingest-metrics.js';
import { IngestModule } from './ingest.module.js';
import { HttpRequests } from './receivers/http-requests.js';
import { INGEST_ROUTE, PlainHttpReceiver } from './receivers/http.js';
import { OpenReceivers } from './receivers/open-receivers.js';

/**
 * Starts the receivers and the status pages of ingest.
 * @param processMetrics whether this app tells of the process; one app a process does
 * @throws if one of its ports cannot be opened
 */
export async function startIngest(
  settings: LiveSettings,
  { processMetrics }: { processMetrics: boolean },
): Promise<NestFastifyApplication> {
  const app = await startApp('ingest', settings, {
    module: IngestModule.with(settings),
    metrics: IngestMetrics,
    processMetrics,
    unguarded: [INGEST_ROUTE],
    prepare: async (app) => {
      await app.register(app.get(HttpRequests).scopeOf(app.get(PlainHttpReceiver)));
    },
  });
  const receivers = app.get(OpenReceivers);
  await receivers.open().catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  return app;
}
