import { startScript, type Child } from '../harness/child.js';
import { freePort } from '../harness/free-port.js';
import { startPrometheus, type RunningPrometheus } from '../harness/prometheus.js';
import { writeSettings } from '../harness/settings.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { until } from '../harness/until.js';
import { WatchedRedis, type Fsync } from './watched-redis.js';

/** What of statuslens runs as a process of its own. */
export const ROLES = ['ingest', 'worker-1', 'worker-2', 'exporter'] as const;
export type Role = (typeof ROLES)[number];

/** Room for the filler to reach the limit soon, and for the queue to live below it. */
const LIMITS = ['--maxmemory', '192mb', '--maxmemory-policy', 'noeviction'];
/**
 * A disk that syncs at once would hide what can be lost: with `everysec` what was answered while a sync lasts, with
 * `always` what is written, not synced, and therefore not answered.
 */
export const SYNC_DELAY_MS: Readonly<Record<Fsync, number>> = { always: 10, everysec: 300 };
const START_MS = 60_000;

/** All of statuslens as processes, with Redis behind a proxy that can cut and delay, and a Prometheus that scrapes. */
export class Deployment {
  private readonly children = new Map<Role, Child>();

  private constructor(
    readonly redis: WatchedRedis,
    readonly proxy: TcpProxy,
    readonly prometheus: RunningPrometheus,
    private readonly ports: Readonly<Record<Role, number>>,
    private readonly settings: Readonly<Record<Role, string>>,
  ) {}

  static async start(sources: object, fsync: Fsync): Promise<Deployment> {
    const redis = await WatchedRedis.start({ fsync, args: LIMITS, syncDelay: SYNC_DELAY_MS[fsync] });
    const proxy = await startTcpProxy(redis.port);
    const ports = await forEachRole(freePort);
    const settings = await forEachRole((role) => settingsOf(role, ports[role], proxy, sources));
    const prometheus = await startPrometheus({ statuslens: [`http://127.0.0.1:${ports.exporter}`] });
    const deployment = new Deployment(redis, proxy, prometheus, ports, settings);
    await deployment.startRoles();
    await until('Prometheus scrapes', async () => (await prometheus.value('up')) === 1, {
      timeoutMs: START_MS,
    });
    return deployment;
  }

  get ingestUrl(): string {
    return `http://127.0.0.1:${this.ports.ingest}`;
  }

  get metricsUrl(): string {
    return `http://127.0.0.1:${this.ports.exporter}/metrics`;
  }

  pidOf(process: Role): number {
    return this.children.get(process)!.pid;
  }

  async killRole(role: Role): Promise<void> {
    await this.children.get(role)!.kill('SIGKILL');
  }

  /** Ready or not: a Redis that is away must not keep it from starting. */
  async startRole(role: Role): Promise<void> {
    const app = appOf(role);
    const child = startScript(`dist/apps/${app}/src/main.js`, [], {
      env: { STATUSLENS_CONFIG: this.settings[role] },
    });
    this.children.set(role, child);
    await child.line(new RegExp(`^${app}:`), { timeoutMs: START_MS });
  }

  async startRoles(): Promise<void> {
    await Promise.all(ROLES.map((role) => this.startRole(role)));
  }

  async stop(): Promise<void> {
    await this.prometheus.stop();
    await Promise.all([...this.children.values()].map((child) => child.kill('SIGKILL')));
    await this.proxy.close();
    await this.redis.stop();
  }
}

const appOf = (role: Role): string => role.replace(/-\d$/, '');

async function forEachRole<Value>(value: (role: Role) => Value | Promise<Value>) {
  const entries = await Promise.all(ROLES.map(async (role) => [role, await value(role)]));
  return Object.fromEntries(entries) as Record<Role, Value>;
}

function settingsOf(role: Role, port: number, proxy: TcpProxy, sources: object): string {
  const app = appOf(role);
  const lock = app === 'worker' ? { lock: '1s' } : {};
  return writeSettings(`redis://127.0.0.1:${proxy.port}`, { [app]: { listen: { port }, ...lock }, sources });
}
