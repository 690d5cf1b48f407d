import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startExporter } from '../../apps/exporter/src/start.js';
import { OpenReceivers } from '../../apps/ingest/src/receivers/open-receivers.js';
import { startIngest } from '../../apps/ingest/src/start.js';
import type { RefusalName } from '../../apps/ingest/src/refusal.js';
import { startWorker } from '../../apps/worker/src/start.js';
import type { ReceiverName } from '#settings';
import { freePort } from '../harness/free-port.js';
import { startRedis, type RedisOptions } from '../harness/redis.js';
import { settingsFor } from '../harness/settings.js';
import { until } from '../harness/until.js';

/** Little room, so that everybody is refused before all is sent. */
const ROOM = '64KiB';
const PATIENCE = { timeoutMs: 25_000 };

/** A deployment in which nothing goes well for a while. */
export interface Trouble {
  /** Address of the receiver. */
  readonly url: string;
  /** What is being stored just then may be stored although its sender is told otherwise. */
  killRedis(): Promise<void>;
  /** Starts Redis again, with what it had written. */
  restartRedis(): Promise<void>;
  /** From here on lines are counted, so that there is room again. */
  startCounting(): Promise<void>;
  /** Requests whose lines are stored, of a source. */
  accepted(source: string): Promise<number>;
  /** Requests that were refused, why, and of a source if one is named. */
  refused(refusal: RefusalName, source?: string): Promise<number>;
  /** Lines of each source that were counted, once nothing waits any more. */
  counted(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/**
 * Ingest and the exporter, and no worker.
 * @param receiver undefined for plain HTTP
 */
export async function startTrouble(
  receiver: ReceiverName | undefined,
  names: Readonly<Record<string, string>>,
  sources: object,
): Promise<Trouble> {
  const dir = await mkdtemp(join(tmpdir(), 'statuslens-trouble-'));
  const durable: RedisOptions = { dir, port: await freePort(), appendonly: true, appendfsync: 'always' };
  let redis = await startRedis(durable);
  const settings = settingsFor(redis.url, {
    ingest: {
      listen: { port: 0 },
      receivers: receiver && { [receiver]: { port: 0 } },
      names,
      max_body: ROOM,
      queue: { max_bytes: ROOM },
    },
    sources,
  });
  const apps: NestFastifyApplication[] = [await startExporter(settings)];
  const ingest = await startIngest(settings, { processMetrics: false });
  apps.push(ingest);
  const ownPort = receiver && ingest.get(OpenReceivers).addresses.get(receiver)!.port;
  await until('ingest is ready', async () => (await fetch(`${await ingest.getUrl()}/readyz`)).ok);

  const requests = async (...labels: string[]): Promise<number> =>
    sum(await pageOf(ingest), /^statuslens_ingest_requests_total/, labels);
  return {
    url: ownPort ? `http://127.0.0.1:${ownPort}` : await ingest.getUrl(),
    killRedis: () => redis.kill(),
    restartRedis: async () => void (redis = await startRedis(durable)),
    async startCounting() {
      apps.push(await startWorker(settings, { processMetrics: false }));
    },
    accepted: (source) => requests('code="200"', `source="${source}"`),
    refused: (refusal, source = '') => requests(`refusal="${refusal}"`, `source="${source}`),
    async counted() {
      await until('nothing waits', async () => queued(await pageOf(apps[0]!)) === 0, PATIENCE);
      return linesBySource(await pageOf(apps[0]!));
    },
    async stop() {
      for (const app of apps.reverse()) await app.close();
      await redis.stop();
      await rm(dir, { recursive: true });
    },
  };
}

async function pageOf(app: NestFastifyApplication): Promise<string> {
  const answer = await fetch(`${await app.getUrl()}/metrics`);
  if (!answer.ok) throw new Error(`there is no page of metrics: ${answer.status}`);
  return answer.text();
}

const linesOf = (page: string, name: RegExp, labels: readonly string[] = []): string[] =>
  page.split('\n').filter((line) => name.test(line) && labels.every((label) => line.includes(label)));

const sum = (page: string, name: RegExp, labels: readonly string[] = []): number =>
  linesOf(page, name, labels).reduce((all, line) => all + Number(line.split(' ').at(-1)), 0);

const queued = (page: string): number => sum(page, /^statuslens_queue_batches\{/);

const linesBySource = (page: string): ReadonlyMap<string, number> =>
  new Map(
    linesOf(page, /^statuslens_lines_total\{/, ['outcome="classified"']).map((line) => [
      /source="([^"]+)"/.exec(line)![1]!,
      Number(line.split(' ').at(-1)),
    ]),
  );

/** Lines of a log, no two alike. */
export const distinctLines = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, i) => `127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/${i} HTTP/1.1" 503 12 "-" "curl"`,
  );
