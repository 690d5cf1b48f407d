import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram, type Child } from './harness/child.js';
import { freePort } from './harness/free-port.js';
import { describeWith, testProgram } from './harness/programs.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LOG = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8');
const LINES = LOG.trim().split('\n').length;

let redis: RunningRedis;
let statuslens: RunningStatuslens;
let first: string;
const page = async (): Promise<string> => (await fetch(`${statuslens.exporter}/metrics`)).text();

beforeAll(async () => {
  redis = await startRedis();
  statuslens = await startStatuslens(redis.url, { sources: { gateway: { format: 'nginx-json' } } });
  first = await page();
  await statuslens.send('gateway', LOG);
  await statuslens.counted(LINES);
});
afterAll(async () => {
  await statuslens.stop();
  await redis.stop();
});

await describeWith(['promtool'], 'to promtool, /metrics', () => {
  const check = async (text: string) => {
    const promtool: Child = startProgram(await testProgram('promtool'), ['check', 'metrics'], {
      input: text,
    });
    return [(await promtool.exited).code, promtool.output];
  };

  it('is beyond reproach', async () => {
    expect(await check(first)).toEqual([0, '']);
    expect(await check(await page())).toEqual([0, '']);
  });

  it('is beyond reproach on ingest and worker too', async () => {
    for (const app of [statuslens.ingest, statuslens.worker]) {
      const text = await (await fetch(`${app}/metrics`)).text();
      expect(text).toContain('process_cpu_seconds_total');
      expect(await check(text)).toEqual([0, '']);
    }
  });
});

await describeWith(['prometheus'], 'a real Prometheus', () => {
  let prometheus: Child;
  let url: string;

  beforeAll(async () => {
    const { host } = new URL(statuslens.exporter);
    const dir = mkdtempSync(join(tmpdir(), 'statuslens-prometheus-'));
    const config = {
      scrape_configs: [
        { job_name: 'statuslens', scrape_interval: '1s', static_configs: [{ targets: [host] }] },
      ],
    };
    writeFileSync(join(dir, 'prometheus.yml'), JSON.stringify(config));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    prometheus = startProgram(await testProgram('prometheus'), [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
  });
  afterAll(async () => {
    await prometheus.kill('SIGTERM');
  });

  const query = async (promql: string): Promise<number | undefined> => {
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result[0] && Number(data.result[0].value[1]);
  };

  it('sees the same totals, and a new line as an increase', async () => {
    await until('Prometheus has scraped', async () => (await query('up{job="statuslens"}')) === 1);
    await until('its total is ours', async () => (await query('sum(statuslens_requests_total)')) === LINES);
    expect(await query('sum(statuslens_requests_total{vendor="huawei-cloud",code="503"})')).toBe(1);
    expect(await query('sum(statuslens_lines_total{outcome="classified"})')).toBe(LINES);
    await statuslens.send('gateway', `${LOG.split('\n')[0]}\n`);
    await until(
      'the increase is seen',
      async () => (await query('sum(increase(statuslens_requests_total[1m]))')) !== 0,
    );
    await until(
      'the new total is ours',
      async () => (await query('sum(statuslens_requests_total)')) === LINES + 1,
    );
  });
});
