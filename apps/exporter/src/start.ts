import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startApp } from '#lifecycle';
import type { LiveSettings } from '#settings';
import { ExporterModule } from './exporter.module.js';
import { Scrape } from './scrape.js';

/**
 * Starts the pages that Prometheus scrapes. They tell of the process too.
 * @throws if the port cannot be opened
 */
export const startExporter = (settings: LiveSettings): Promise<NestFastifyApplication> =>
  startApp('exporter', settings, {
    module: ExporterModule.with(settings),
    metrics: Scrape,
    processMetrics: true,
  });
