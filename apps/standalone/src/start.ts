import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startEmbeddedRedis, type EmbeddedRedis, type RedisProgram } from '#redis';
import { depart } from '#lifecycle';
import { redisDataDir, type LiveSettings, type Settings } from '#settings';
import { startExporter } from '../../exporter/src/start.js';
import { OpenReceivers } from '../../ingest/src/receivers/open-receivers.js';
import { startIngest } from '../../ingest/src/start.js';
import { startWorker } from '../../worker/src/start.js';

/** Ingest, worker and exporter in this process, and the Redis that belongs to it, if it has one. */
export interface Standalone {
  readonly ingestUrl: string;
  readonly exporterUrl: string;
  /** A line of text for each receiver beside plain HTTP. */
  readonly receivers: readonly string[];
  /** Its Redis's exit code, or null for a signal, if that ends before {@link stop}; else it stays pending. */
  readonly redisDied: Promise<number | null>;
  /** Ends everything in order; a second call joins the first. Ingest takes lines for so long, so that its senders leave. */
  readonly stop: (noticeMs?: number) => Promise<void>;
}

/**
 * Starts everything a newcomer needs.
 * @param program the redis-server to run where the settings name no Redis
 * @throws AlreadyRunning if another process runs on the same data
 */
export async function startStandalone(
  settings: LiveSettings,
  program: RedisProgram | undefined,
): Promise<Standalone> {
  const redis = settings.now.redis.access === undefined ? await embedded(settings.now, program) : undefined;
  const apps: NestFastifyApplication[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (noticeMs = 0): Promise<void> => (stopping ??= end(apps, redis, noticeMs));
  const redisDied = new Promise<number | null>((resolve) => {
    void redis?.exited.then((code) => {
      if (!stopping) resolve(code);
    });
  });
  if (redis) settings.useRedis({ url: `unix://${redis.socket}` });
  try {
    apps.push(await startExporter(settings));
    apps.push(await startWorker(settings, { processMetrics: false }));
    apps.push(await startIngest(settings, { processMetrics: false }));
    const [exporter, , ingest] = apps;
    return {
      ingestUrl: await ingest!.getUrl(),
      exporterUrl: await exporter!.getUrl(),
      receivers: ingest!.get(OpenReceivers).lines,
      redisDied,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Apps first, the last one to start first: a worker that drains still needs its Redis. */
async function end(
  apps: readonly NestFastifyApplication[],
  redis: EmbeddedRedis | undefined,
  noticeMs: number,
): Promise<void> {
  const [ingest, ...others] = [...apps].reverse();
  if (ingest) await depart(ingest, noticeMs);
  for (const app of others) await depart(app);
  await redis?.stop();
}

function embedded(settings: Settings, program: RedisProgram | undefined): Promise<EmbeddedRedis> {
  if (!program) throw new Error(`${settings.file} names no Redis, and no redis-server was found to run`);
  const { appendfsync } = settings.redis;
  return startEmbeddedRedis({ ...program, dataDir: redisDataDir(settings), appendfsync });
}
