import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram, startScript, type Child } from '../harness/child.js';
import { freePort } from '../harness/free-port.js';
import { testProgram } from '../harness/programs.js';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { writeSettings } from '../harness/settings.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { until } from '../harness/until.js';

/** What runs as a process of its own and may be killed. */
export const ROLES = ['ingest', 'worker-1', 'worker-2', 'exporter'] as const;
export type Role = (typeof ROLES)[number];

export type Fsync = 'always' | 'everysec';

/** Room for the filler to reach the limit soon, and for the queue to live below it. */
const MAX_MEMORY = '192mb';
const START_MS = 30_000;

/** All of statuslens as processes, with Redis behind a proxy that can cut and delay, and a Prometheus that scrapes. */
export class Deployment {
  private readonly children = new Map<Role, Child>();
  private prometheus: Child | undefined;
  /** Epoch milliseconds. */
  readonly redisKills: number[] = [];

  private constructor(
    public redis: RunningRedis,
    readonly proxy: TcpProxy,
    private readonly fsync: Fsync,
    private readonly ports: Readonly<Record<Role, number>>,
    private readonly settings: Readonly<Record<Role, string>>,
    private readonly prometheusUrl: string,
  ) {}

  static async start(sources: object, fsync: Fsync): Promise<Deployment> {
    const redis = await startRedis({ appendonly: true, appendfsync: fsync, args: limits });
    const proxy = await startTcpProxy(redis.port);
    const ports = Object.fromEntries(
      await Promise.all(ROLES.map(async (role) => [role, await freePort()])),
    ) as Record<Role, number>;
    const settings = Object.fromEntries(
      ROLES.map((role) => [role, settingsOf(role, ports[role], proxy, sources)]),
    ) as Record<Role, string>;
    const prometheusUrl = `http://127.0.0.1:${await freePort()}`;
    const deployment = new Deployment(redis, proxy, fsync, ports, settings, prometheusUrl);
    for (const role of ROLES) await deployment.startRole(role);
    await deployment.startPrometheus();
    return deployment;
  }

  get ingestUrl(): string {
    return `http://127.0.0.1:${this.ports.ingest}`;
  }

  get metricsUrl(): string {
    return `http://127.0.0.1:${this.ports.exporter}/metrics`;
  }

  pidOf(role: Role): number {
    return this.children.get(role)!.pid;
  }

  async killRole(role: Role): Promise<void> {
    await this.children.get(role)!.kill('SIGKILL');
  }

  /** Ready or not: a Redis that is away must not keep it from starting. */
  async startRole(role: Role): Promise<void> {
    const app = role.replace(/-\d$/, '');
    const child = startScript(`dist/apps/${app}/src/main.js`, [], {
      env: { STATUSLENS_CONFIG: this.settings[role] },
    });
    this.children.set(role, child);
    await child.line(new RegExp(`^${app}:`), { timeoutMs: START_MS });
  }

  async killRedis(): Promise<void> {
    this.redisKills.push(Date.now());
    await this.redis.kill('SIGKILL');
  }

  async restartRedis(): Promise<void> {
    const { port, dir } = this.redis;
    this.redis = await startRedis({ appendonly: true, appendfsync: this.fsync, args: limits, dir, port });
  }

  /** The value of a query, now. */
  async query(promql: string): Promise<number> {
    const answer = await fetch(`${this.prometheusUrl}/api/v1/query?query=${encodeURIComponent(promql)}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? Number.NaN);
  }

  async stop(): Promise<void> {
    await this.prometheus?.kill('SIGTERM');
    await Promise.all([...this.children.values()].map((child) => child.kill('SIGKILL')));
    await this.proxy.close();
    await this.redis.stop();
  }

  private async startPrometheus(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'statuslens-fault-run-'));
    const file = join(folder, 'prometheus.yml');
    const target = `127.0.0.1:${this.ports.exporter}`;
    const scrape = { job_name: 'statuslens', scrape_interval: '1s', static_configs: [{ targets: [target] }] };
    writeFileSync(file, JSON.stringify({ scrape_configs: [scrape] }));
    this.prometheus = startProgram(await testProgram('prometheus'), [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(this.prometheusUrl).host}`,
    ]);
    await until('Prometheus has scraped', async () => (await this.query('up')) === 1, {
      timeoutMs: START_MS,
    });
  }
}

const limits = ['--maxmemory', MAX_MEMORY, '--maxmemory-policy', 'noeviction'];

function settingsOf(role: Role, port: number, proxy: TcpProxy, sources: object): string {
  const app = role.replace(/-\d$/, '');
  const lock = app === 'worker' ? { lock: '1s' } : {};
  return writeSettings(`redis://127.0.0.1:${proxy.port}`, { [app]: { listen: { port }, ...lock }, sources });
}
