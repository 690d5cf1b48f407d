import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from './child.js';
import { freePort } from './free-port.js';
import { testProgram } from './programs.js';
import { until } from './until.js';

/** A real Prometheus that scrapes from its start to its end. */
export interface RunningPrometheus {
  readonly url: string;
  /** The samples of an instant query, by their labels as they are written. */
  query(promql: string): Promise<Map<string, number>>;
  /** The only sample of an instant query. */
  value(promql: string): Promise<number | undefined>;
  stop(): Promise<void>;
}

/**
 * @param scraped addresses of pages, as `http://host:port`, or a configuration in YAML
 * @param history what it knows already, in OpenMetrics text with times
 */
export async function startPrometheus(
  scraped: readonly string[] | string,
  scrapeInterval = '1s',
  history?: string,
): Promise<RunningPrometheus> {
  const dir = mkdtempSync(join(tmpdir(), 'statuslens-prometheus-'));
  if (history !== undefined) await remember(history, dir);
  const config = typeof scraped === 'string' ? scraped : configFor(scraped, scrapeInterval);
  writeFileSync(join(dir, 'prometheus.yml'), config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startProgram(await testProgram('prometheus'), [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await until('Prometheus is ready', async () => (await fetch(`${url}/-/ready`)).ok, { timeoutMs: 30_000 });
  const query = (promql: string): Promise<Map<string, number>> => instantQuery(url, promql);
  return {
    url,
    query,
    value: async (promql) => [...(await query(promql)).values()][0],
    stop: async () => {
      await child.kill('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function configFor(targets: readonly string[], scrapeInterval: string): string {
  const hosts = targets.map((target) => new URL(target).host);
  const job = { job_name: 'statuslens', scrape_interval: scrapeInterval, scrape_timeout: scrapeInterval };
  return JSON.stringify({ scrape_configs: [{ ...job, static_configs: [{ targets: hosts }] }] }); // JSON is YAML
}

async function remember(history: string, dir: string): Promise<void> {
  const file = join(dir, 'history.txt');
  writeFileSync(file, history);
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(dir, 'data')];
  const promtool = startProgram(await testProgram('promtool'), args);
  if ((await promtool.exited).code !== 0) throw new Error(promtool.output);
}

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

async function instantQuery(url: string, promql: string): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`);
  if (!answer.ok) throw new Error(`${promql}: ${await answer.text()}`);
  const { data } = (await answer.json()) as Answer;
  return new Map(data.result.map(({ metric, value }) => [labelsOf(metric), Number(value[1])]));
}

const labelsOf = (metric: Readonly<Record<string, string>>): string =>
  Object.entries(metric)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
