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
  version(): Promise<string>;
  stop(): Promise<void>;
}

/** What a Prometheus is told besides what to scrape. */
export interface PrometheusOptions {
  /** How often it scrapes, and evaluates rules. */
  readonly interval?: string;
  /** A file of rules. */
  readonly rules?: string;
  /** The address of an Alertmanager, as `http://host:port`. */
  readonly alertmanager?: string;
  /** What it knows already, in OpenMetrics text with times. */
  readonly history?: string;
  /** More arguments. */
  readonly args?: readonly string[];
}

/** Addresses of pages by the name of their job, as `http://host:port`. */
export type ScrapeJobs = Readonly<Record<string, readonly string[]>>;

/** @param scraped what to scrape, or a whole configuration in YAML */
export async function startPrometheus(
  scraped: ScrapeJobs | string,
  options: PrometheusOptions = {},
): Promise<RunningPrometheus> {
  const dir = mkdtempSync(join(tmpdir(), 'statuslens-prometheus-'));
  if (options.history !== undefined) await remember(options.history, dir);
  if (options.rules !== undefined) writeFileSync(join(dir, RULES), options.rules);
  const config = typeof scraped === 'string' ? scraped : JSON.stringify(configuration(scraped, options)); // JSON is YAML
  writeFileSync(join(dir, 'prometheus.yml'), config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startProgram(await testProgram('prometheus'), [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    ...(options.args ?? []),
  ]);
  await until('Prometheus is ready', async () => (await fetch(`${url}/-/ready`)).ok, { timeoutMs: 30_000 });
  const query = (promql: string): Promise<Map<string, number>> => instantQuery(url, promql);
  return {
    url,
    query,
    value: async (promql) => [...(await query(promql)).values()][0],
    version: async () => {
      const answer = await fetch(`${url}/api/v1/status/buildinfo`);
      return ((await answer.json()) as { data: { version: string } }).data.version;
    },
    stop: async () => {
      await child.kill('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const RULES = 'rules.yml';

function configuration(
  jobs: ScrapeJobs,
  { interval = '1s', rules, alertmanager }: PrometheusOptions,
): object {
  const static_configs = (urls: readonly string[]) => [{ targets: urls.map((url) => new URL(url).host) }];
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    ...(rules !== undefined && { rule_files: [RULES] }),
    ...(alertmanager !== undefined && {
      alerting: { alertmanagers: [{ static_configs: static_configs([alertmanager]) }] },
    }),
    scrape_configs: Object.entries(jobs).map(([job_name, urls]) => ({
      job_name,
      static_configs: static_configs(urls),
    })),
  };
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
