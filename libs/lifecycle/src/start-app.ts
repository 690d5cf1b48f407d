import { maxHeaderSize } from 'node:http';
import { Logger, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Registry } from 'prom-client';
import { guardPages, httpServer } from '#listener';
import { listenError, type LiveSettings } from '#settings';
import { closeConnectionsOnDeparture } from './closing-connections.js';
import { Departure } from './departure.js';
import { collectProcessMetrics } from './process-metrics.js';
import { collectReloadMetrics } from './reload-metrics.js';

/** What one app has that others have not. */
export interface AppParts {
  readonly module: DynamicModule;
  /** What its own metrics are kept in. */
  readonly metrics: Type<{ readonly registry: Registry }>;
  /** Whether this app tells of the process; one app a process does. */
  readonly processMetrics: boolean;
  /** Routes that have a guard of their own. */
  readonly unguarded?: readonly string[];
  /** Is called before it listens. */
  readonly prepare?: (app: NestFastifyApplication) => Promise<void>;
}

/**
 * Starts an app with its pages, as the section of its name in the settings says.
 * @throws if its port cannot be opened
 */
export async function startApp(
  name: 'ingest' | 'worker' | 'exporter',
  settings: LiveSettings,
  { module, metrics, processMetrics, unguarded, prepare }: AppParts,
): Promise<NestFastifyApplication> {
  const { listen } = settings.now[name];
  const setting = `${name}.listen`;
  const logger = new Logger(name);
  const adapter = new FastifyAdapter({
    return503OnClosing: false,
    serverFactory: httpServer(listen, setting, (problem) => logger.warn(problem)),
    // a source with a long name is one that nobody knows, not a URI that is too long
    routerOptions: { maxParamLength: maxHeaderSize },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: ['error', 'warn'],
    // app.getUrl() begins with https
    ...(listen.tls && { httpsOptions: {} }),
  });
  const fastify = app.getHttpAdapter().getInstance();
  guardPages(fastify, () => settings.now[name].credentials, unguarded);
  closeConnectionsOnDeparture(fastify, app.get(Departure));
  await prepare?.(app);
  const { registry } = app.get(metrics);
  collectReloadMetrics(registry, settings);
  if (processMetrics) collectProcessMetrics(registry);
  await app.listen(listen.port, listen.host).catch(async (error: unknown) => {
    await app.close();
    throw listenError(error, setting, listen, settings.file);
  });
  return app;
}
