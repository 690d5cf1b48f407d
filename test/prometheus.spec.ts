import { readFileSync } from 'node:fs';
import { startProgram, type Child } from './harness/child.js';
import { describeWith, testProgram } from './harness/programs.js';
import { startPrometheus, type RunningPrometheus } from './harness/prometheus.js';
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
  let prometheus: RunningPrometheus;
  beforeAll(async () => (prometheus = await startPrometheus({ statuslens: [statuslens.exporter] })));
  afterAll(() => prometheus.stop());
  const query = (promql: string): Promise<number | undefined> => prometheus.value(promql);

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
