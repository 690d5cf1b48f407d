import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { startIngest } from '../apps/ingest/src/start.js';
import { startWorker } from '../apps/worker/src/start.js';
import { startScript, type Child } from './harness/child.js';
import { freePort } from './harness/free-port.js';
import { describeWith } from './harness/programs.js';
import { startPrometheus, type RunningPrometheus } from './harness/prometheus.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { settingsFor, writeSettings } from './harness/settings.js';
import { until } from './harness/until.js';

const SOURCES = { sources: { edge: { format: 'nginx-json' } } };
const [LINE = ''] = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8').split('\n');
const PATIENTLY = { timeoutMs: 25_000 };
/** Several scrapes of Prometheus, and several looks of an exporter. */
const A_WHILE_MS = 2500;

/** An exporter in a process of its own, which can be killed and started again on its port with its file. */
class Exporter {
  private child: Child | undefined;

  private constructor(
    readonly url: string,
    private readonly settings: string,
  ) {}

  static async on(redisUrl: string, overrides: object = {}): Promise<Exporter> {
    const port = await freePort();
    const exporter = { listen: { port }, ...overrides };
    const settings = writeSettings(redisUrl, { ...SOURCES, exporter });
    return new Exporter(`http://127.0.0.1:${port}`, settings);
  }

  async start(): Promise<Child> {
    const env = { STATUSLENS_CONFIG: this.settings };
    this.child = startScript('dist/apps/exporter/src/main.js', [], { env });
    await this.child.line(/\/metrics/);
    await until('it is ready', async () => (await fetch(`${this.url}/readyz`)).ok);
    return this.child;
  }

  async kill(): Promise<void> {
    await this.child?.kill('SIGKILL');
  }

  /** What it keeps of what it has shown. */
  get file(): string {
    return join(dirname(this.settings), '.statuslens/exporter/floor.json');
  }

  /** The sum of the samples of a metric. */
  async sum(metric: string): Promise<number> {
    const answer = await fetch(`${this.url}/metrics`);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    const samples = (await answer.text()).matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm);
    return [...samples].reduce((sum, [, name, value]) => (name === metric ? sum + Number(value) : sum), 0);
  }

  /** Names of all counters that have samples, those of histograms too. */
  async counters(): Promise<Set<string>> {
    const page = await (await fetch(`${this.url}/metrics`)).text();
    const samples = page.matchAll(/^(statuslens_\w+_(?:total|bucket|sum|count))[{ ]/gm);
    return new Set([...samples].map(([, name]) => name!));
  }

  readonly lines = (): Promise<number> => this.sum('statuslens_lines_total');
  readonly regressions = (): Promise<number> => this.sum('statuslens_ledger_regressions_total');
}

await describeWith(['redis-server', 'prometheus'], 'while a ledger loses time, Prometheus', () => {
  let redis: RunningRedis;
  let client: Redis;
  let ingest: NestFastifyApplication;
  let worker: NestFastifyApplication | undefined;
  let a: Exporter;
  let b: Exporter;
  let prometheus: RunningPrometheus;
  let sent = 0;

  beforeAll(async () => {
    redis = await startRedis({ appendonly: true, appendfsync: 'always' });
    client = new Redis(redis.url).on('error', () => {});
    ingest = await startIngest(settingsFor(redis.url, SOURCES), { processMetrics: false });
    [a, b] = [await Exporter.on(redis.url), await Exporter.on(redis.url)];
    await Promise.all([a.start(), b.start(), startWorking()]);
    prometheus = await startPrometheus({ statuslens: [a.url, b.url] }, { interval: '250ms' });
    await until('both are scraped', async () => (await prometheus.value('sum(up)')) === 2, PATIENTLY);
  });
  afterAll(async () => {
    await prometheus.stop();
    await Promise.all([a.kill(), b.kill()]);
    await stopWorking();
    await ingest.close();
    client.disconnect();
    await redis.stop();
  });

  async function startWorking(): Promise<void> {
    worker = await startWorker(settingsFor(redis.url, SOURCES), { processMetrics: false });
  }

  async function stopWorking(): Promise<void> {
    await worker?.close();
    worker = undefined;
  }

  async function send(lines: number): Promise<void> {
    const url = `${await ingest.getUrl()}/ingest/edge`;
    const answer = await fetch(url, { method: 'POST', body: `${LINE}\n`.repeat(lines) });
    expect(answer.status).toBe(202);
    sent += lines;
  }

  /** All that was sent is on the pages of these exporters, and has been scraped. */
  async function shown(...exporters: Exporter[]): Promise<void> {
    for (const { lines, url } of exporters) {
      await until(`${url} shows ${sent} lines`, async () => (await lines()) === sent, PATIENTLY);
      const promql = `sum(statuslens_lines_total{instance="${new URL(url).host}"})`;
      await until(`Prometheus has ${sent}`, async () => (await prometheus.value(promql)) === sent);
    }
  }

  async function staysFlat(...exporters: Exporter[]): Promise<void> {
    const end = Date.now() + A_WHILE_MS;
    while (Date.now() < end) {
      for (const { lines } of exporters) expect(await lines()).toBe(sent);
      await pause(100);
    }
  }

  const told = (regressions: number, ...exporters: Exporter[]) =>
    until(
      `${regressions} regressions are told`,
      async () => {
        const all = await Promise.all(exporters.map((one) => one.regressions()));
        return all.every((one) => one === regressions);
      },
      PATIENTLY,
    );

  /** Starts Redis with the data of another time. */
  async function restore(folder: string): Promise<void> {
    await redis.kill();
    rmSync(redis.dir, { recursive: true });
    cpSync(folder, redis.dir, { recursive: true });
    redis = await startRedis({ appendonly: true, appendfsync: 'always', dir: redis.dir, port: redis.port });
    await until('ingest reaches it', async () => (await fetch(`${await ingest.getUrl()}/readyz`)).ok);
  }

  it('is shown nothing that a crash of the exporter could forget', async () => {
    for (let i = 0; i < 20; i++) {
      await send(1);
      const lines = await a.lines();
      const { shown } = JSON.parse(readFileSync(a.file, 'utf8')) as { shown: Record<string, number> };
      expect(shown['lines|edge|classified'] ?? 0).toBeGreaterThanOrEqual(lines);
    }
  });

  it('sees a FLUSHALL as nothing, and what comes after it as an increase', async () => {
    for (const lines of [60, 40]) await send(lines);
    await shown(a, b);
    await client.flushall();
    await staysFlat(a, b);
    await told(1, a, b);
    await send(7);
    await shown(a, b);
    await told(1, a, b);
  });

  it('sees nothing twice of a backup whose batches were counted since, though one exporter was killed', async () => {
    await stopWorking();
    for (const lines of [10, 10]) await send(lines);
    const backup = mkdtempSync(join(tmpdir(), 'statuslens-backup-'));
    cpSync(redis.dir, backup, { recursive: true });
    await startWorking();
    await shown(a, b);
    for (const lines of [5, 15, 10]) await send(lines);
    await shown(a, b);
    await stopWorking();
    await b.kill();
    await restore(backup);
    await told(2, a);
    await staysFlat(a);
    await startWorking();
    await until(
      'the backlog is counted again',
      async () => {
        const counted = await client.hget('{sl0}:ledger', 'lines|edge|classified');
        return counted === String(7 + 20);
      },
      PATIENTLY,
    );
    await staysFlat(a);
    await b.start();
    await shown(a, b);
    await told(2, a, b);
    await send(5);
    await shown(a, b);
  });

  it('misses no line that was counted in a new ledger before an exporter that was killed is back', async () => {
    await b.kill();
    await client.flushall();
    await told(3, a);
    await send(9);
    await shown(a);
    await b.start();
    await shown(b);
    await told(3, b);
  });

  it('has every line once over the whole time, and has seen no counter reset', async () => {
    const range = '10m';
    for (const metric of ['lines_total', 'requests_total', 'request_duration_seconds_count']) {
      const all = `statuslens_${metric}{source="edge"}`;
      expect([metric, await prometheus.value(`sum(max without (instance) (${all}))`)]).toEqual([
        metric,
        sent,
      ]);
    }
    const first = `sum(max without (instance) (min_over_time(statuslens_lines_total[${range}])))`;
    expect(await prometheus.value(first)).toBe(0);
    const counters = await a.counters();
    expect(counters.size).toBeGreaterThan(15);
    for (const metric of counters) {
      const resets = await prometheus.value(`sum(resets(${metric}[${range}]))`);
      expect([metric, resets]).toEqual([metric, 0]);
    }
    const law =
      'sum by (instance) (statuslens_batches_total{outcome="accepted"}) - sum by (instance) (statuslens_batches_total{outcome!="accepted"})';
    expect([...(await prometheus.query(law)).values()]).toEqual([0, 0]);
  });

  it('sees a new exporter, without a file, as no increase', async () => {
    const fresh = await Exporter.on(redis.url);
    await fresh.start();
    expect(await fresh.lines()).toBe(9);
    expect(await fresh.regressions()).toBe(0);
    await fresh.kill();
  });
});

await describeWith(['redis-server'], 'an exporter that cannot keep what it has shown', () => {
  let redis: RunningRedis;
  beforeAll(async () => (redis = await startRedis()));
  afterAll(() => redis.stop());

  it('says so at its start, to /readyz and as a gauge, and goes on', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'statuslens-state-')), 'file');
    writeFileSync(file, '');
    const exporter = await Exporter.on(redis.url, { state: join(file, 'below') });
    const child = await exporter.start();
    expect(child.output).toMatch(/cannot be kept.*ENOTDIR.*exporter\.state/);
    const ready = (await (await fetch(`${exporter.url}/readyz`)).json()) as { status: string; state: string };
    expect(ready).toMatchObject({
      status: 'ready',
      state: expect.stringMatching(/^cannot be kept: ENOTDIR/) as string,
    });
    expect(await exporter.sum('statuslens_exporter_state_kept')).toBe(0);
    rmSync(file);
    await until('it is kept', async () => (await exporter.sum('statuslens_exporter_state_kept')) === 1);
    expect(await (await fetch(`${exporter.url}/readyz`)).json()).toMatchObject({
      status: 'ready',
      state: 'kept',
    });
    await exporter.kill();
  });
});
