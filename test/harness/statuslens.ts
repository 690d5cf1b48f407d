import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startExporter } from '../../apps/exporter/src/start.js';
import { OpenReceivers } from '../../apps/ingest/src/receivers/open-receivers.js';
import { startIngest } from '../../apps/ingest/src/start.js';
import { startWorker } from '../../apps/worker/src/start.js';
import type { LiveSettings, ReceiverName } from '#settings';
import { settingsFor } from './settings.js';
import { until } from './until.js';

/** Ingest, worker and exporter on free ports, in this process. */
export interface RunningStatuslens {
  readonly ingest: string;
  readonly worker: string;
  readonly exporter: string;
  send(source: string, body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  /** Where a receiver beside plain HTTP listens. */
  receiver(name: ReceiverName): AddressInfo;
  /** The samples of /metrics that are not 0, by name and labels; an error if there is no page. */
  metrics(): Promise<Map<string, number>>;
  /** Resolves with the samples once as many lines have come to an end. */
  counted(lines: number): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** @param waits until all three reach Redis */
export function startStatuslens(
  redisUrl: string,
  overrides: object = {},
  waits = true,
): Promise<RunningStatuslens> {
  const settings = settingsFor(redisUrl, overrides);
  return startApps({ ingest: settings, worker: settings, exporter: settings }, waits);
}

/** Each with settings of its own, as processes that differ in their environment. */
export async function startApps(
  settings: Readonly<Record<'ingest' | 'worker' | 'exporter', LiveSettings>>,
  waits = true,
): Promise<RunningStatuslens> {
  const apps: NestFastifyApplication[] = [
    await startExporter(settings.exporter),
    await startWorker(settings.worker, { processMetrics: true }),
    await startIngest(settings.ingest, { processMetrics: true }),
  ];
  const [exporter, worker, ingest] = (await Promise.all(apps.map((app) => app.getUrl()))) as [
    string,
    string,
    string,
  ];
  if (waits)
    await until('all three are ready', async () => {
      const answers = await Promise.all([exporter, worker, ingest].map((app) => fetch(`${app}/readyz`)));
      return answers.every(({ ok }) => ok);
    });
  const metrics = async (): Promise<Map<string, number>> => {
    const answer = await fetch(`${exporter}/metrics`);
    const page = await answer.text();
    if (!answer.ok) throw new Error(`there is no page of metrics: ${page}`);
    return samples(page);
  };
  return {
    ingest,
    worker,
    exporter,
    send: (source, body, headers = {}) =>
      fetch(`${ingest}/ingest/${source}`, { method: 'POST', body, headers }),
    receiver: (name) => {
      const address = apps[2]!.get(OpenReceivers).addresses.get(name);
      if (!address) throw new Error(`ingest.receivers of the settings does not name ${name}`);
      return address;
    },
    metrics,
    counted: (lines) =>
      until(`${lines} lines are counted`, async () => {
        const seen = await metrics();
        return linesIn(seen) >= lines ? seen : undefined;
      }),
    stop: async () => {
      for (const app of [...apps].reverse()) await app.close();
    },
  };
}

/** Samples of a page in Prometheus text, without those that are 0. */
const samples = (page: string): Map<string, number> =>
  new Map(
    page
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, number] => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      })
      .filter(([, value]) => value !== 0),
  );

const linesIn = (metrics: ReadonlyMap<string, number>): number =>
  [...metrics].reduce(
    (sum, [name, value]) => (name.startsWith('statuslens_lines_total{') ? sum + value : sum),
    0,
  );

/** The sum of a metric over the samples whose labels hold all the texts. */
export const total = (metrics: ReadonlyMap<string, number>, name: string, ...labels: string[]): number =>
  [...metrics].reduce(
    (sum, [sample, value]) =>
      sample.startsWith(`${name}{`) && labels.every((label) => sample.includes(label)) ? sum + value : sum,
    0,
  );
