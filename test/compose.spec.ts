import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import { startProgram, type Child } from './harness/child.js';
import { checkOut, type Checkout } from './harness/checkout.js';
import { argumentsOf, imageEnvironment, instructions } from './harness/dockerfile.js';
import { freePort } from './harness/free-port.js';
import { describeWith, testProgram } from './harness/programs.js';
import { until } from './harness/until.js';

interface Service {
  readonly command: string[];
  readonly healthcheck: { readonly test: string[] };
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly depends_on?: unknown;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
}

const NODE = { command: process.execPath, env: {} };
const PATIENTLY = { timeoutMs: 20_000 };

const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
const service = (name: string): Service => services[name]!;
const OURS = ['ingest', 'worker', 'exporter'];
const DEFAULT_PORTS: Readonly<Record<string, number>> = { ingest: 8080, worker: 9478, exporter: 9477 };

describe('Dockerfile', () => {
  it('has instructions that Docker knows', () => {
    const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'CMD'];
    expect(instructions.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('copies only what is there and .dockerignore lets through', () => {
    const sources = argumentsOf('COPY')
      .filter((text) => !text.startsWith('--from='))
      .flatMap((text) => text.split(' ').slice(0, -1));
    expect(sources.length).toBeGreaterThan(5);
    const allowed = readFileSync('.dockerignore', 'utf8').match(/(?<=^!).*$/gm);
    expect(sources.filter((path) => !existsSync(path) || !allowed?.includes(path))).toEqual([]);
  });

  it('runs by default what the service ingest runs', () => {
    expect(argumentsOf('CMD').map((text) => JSON.parse(text) as string[])).toEqual([
      service('ingest').command,
    ]);
  });
});

await describeWith(['redis-server'], 'the image and the services', () => {
  let checkout: Checkout;
  /** What the last stage of the Dockerfile copies, as in a container. */
  let image: string;
  let redisData: string;
  let redis: Child;
  let redisPort: number;
  const running = new Map<string, Child>();
  const ports = new Map<string, number>();

  beforeAll(async () => {
    checkout = await checkOut();
    image = mkdtempSync(join(tmpdir(), 'statuslens-image-'));
    redisData = mkdtempSync(join(tmpdir(), 'statuslens-redis-'));
    redisPort = await freePort();
    for (const name of OURS) ports.set(name, await freePort());
  });

  afterAll(async () => {
    for (const child of [...running.values(), redis]) await child?.kill();
    for (const folder of [image, redisData]) rmSync(folder, { recursive: true, force: true });
    checkout.remove();
  });

  it('are built by the RUN line, and what the last stage copies is there', async () => {
    expect(argumentsOf('RUN')[1]).toMatch(/^npx tsc -p tsconfig\.build\.json && npm prune /);
    const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'];
    const build = startProgram(NODE, tsc, { cwd: checkout.folder });
    const { code } = await build.exited;
    expect([code, build.output]).toEqual([0, '']);
    for (const text of argumentsOf('COPY').filter((text) => text.startsWith('--from=build '))) {
      const [from, to] = text.replace('--from=build /statuslens/', '').split(' ') as [string, string];
      const target = to === './' ? join(image, from) : join(image, to);
      if (from === 'node_modules') symlinkSync(resolve(from), target);
      else cpSync(join(checkout.folder, from), target, { recursive: true });
    }
  });

  it('have a Redis that takes the arguments of its service', async () => {
    const [name, ...args] = service('redis').command;
    const where = ['--bind', '127.0.0.1', '--port', String(redisPort), '--dir', redisData];
    redis = startProgram(await testProgram(name!), [...args, ...where]);
    await redis.line(/Ready to accept connections/);
    const client = new Redis(redisPort, '127.0.0.1');
    const settings = ['appendonly', 'appendfsync', 'maxmemory-policy', 'save', 'auto-aof-rewrite-min-size'];
    expect(await client.config('GET', ...(settings as [string]))).toEqual(
      expect.arrayContaining([
        'appendonly',
        'yes',
        'appendfsync',
        'always',
        'maxmemory-policy',
        'noeviction',
      ]),
    );
    client.disconnect();
  });

  it('have a Redis whose health check answers', async () => {
    const [kind, command, ...args] = service('redis').healthcheck.test;
    expect([kind, command, args]).toEqual(['CMD', 'redis-cli', ['ping']]);
    const server = await testProgram('redis-server');
    const cli = join(dirname(server.command), command!);
    if (existsSync(cli)) {
      const check = startProgram({ command: cli, env: server.env }, ['-p', String(redisPort), ...args]);
      expect([(await check.exited).code, check.stdout]).toEqual([0, 'PONG\n']);
      return;
    }
    // some packages of redis-server come without redis-cli, which sends the same PING
    const client = new Redis(redisPort, '127.0.0.1');
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  it('start with their commands and deploy/statuslens.compose.yaml', async () => {
    const source = argumentsOf('COPY')
      .find((text) => text.endsWith(' statuslens.yaml'))!
      .split(' ')[0]!;
    const settings = parse(readFileSync(source, 'utf8')) as Record<string, { listen: object }> & {
      redis: { url: string };
      exporter: { state: string };
    };
    expect(settings.redis.url).toBe('redis://redis:6379');
    for (const name of OURS) {
      expect(settings[name]!.listen).toEqual({ host: '0.0.0.0' });
      settings[name]!.listen = { host: '127.0.0.1', port: ports.get(name) };
    }
    settings.redis.url = `redis://127.0.0.1:${redisPort}`;
    expect(service('exporter').volumes).toEqual([`exporter:${settings.exporter.state}`]);
    expect(argumentsOf('RUN')).toContain(`install -d -o node -g node ${settings.exporter.state}`);
    settings.exporter.state = join(image, 'state');
    writeFileSync(join(image, 'statuslens.yaml'), stringify(settings));
    for (const name of OURS) {
      const [node, ...args] = service(name).command;
      expect(node).toBe('node');
      const env = { STATUSLENS_TOKEN: 's3cret', ...imageEnvironment() };
      running.set(name, startProgram(NODE, args, { cwd: image, env }));
    }
    for (const name of OURS)
      await running.get(name)!.line(new RegExp(`^${name}: .*:${ports.get(name)}/`), PATIENTLY);
  });

  it('count a line that is sent with the token, and take none without', async () => {
    const url = `http://127.0.0.1:${ports.get('ingest')}/ingest/default`;
    const body = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8').split('\n', 1)[0]!;
    expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
    const headers = { authorization: 'Bearer s3cret' };
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(202);
    await until('the line is counted', async () => {
      const page = await (await fetch(`http://127.0.0.1:${ports.get('exporter')}/metrics`)).text();
      return page.includes('statuslens_lines_total{source="default",outcome="classified"} 1\n');
    });
  });

  /** Exit code of a service's health check. */
  async function health(name: string): Promise<number | null> {
    const [kind, node, option, script] = service(name).healthcheck.test;
    expect([kind, node, option]).toEqual(['CMD', 'node', '-e']);
    expect(script).toContain(`http://127.0.0.1:${DEFAULT_PORTS[name]}/readyz`);
    const here = script!.replace(`:${DEFAULT_PORTS[name]}/`, `:${ports.get(name)}/`);
    return (await startProgram(NODE, ['-e', here]).exited).code;
  }

  it('are healthy while Redis answers, and not once it is gone', async () => {
    expect(await Promise.all(OURS.map(health))).toEqual([0, 0, 0]);
    await redis.kill();
    expect(await Promise.all(OURS.map(health))).toEqual([1, 1, 1]);
  });
});

await describeWith(['promtool'], 'the Prometheus of docker-compose.yml', () => {
  it('has a configuration that promtool takes', async () => {
    const file = 'deploy/prometheus/prometheus.yml';
    const check = startProgram(await testProgram('promtool'), ['check', 'config', file]);
    expect([(await check.exited).code, check.output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});

describe('docker-compose.yml', () => {
  it('mounts what is there', () => {
    const mounts = Object.values(services as Record<string, { volumes?: string[] }>)
      .flatMap(({ volumes = [] }) => volumes)
      .map((volume) => volume.split(':')[0]!)
      .filter((source) => source.startsWith('./'));
    expect(mounts.length).toBeGreaterThan(1);
    expect(mounts.filter((source) => !existsSync(source))).toEqual([]);
  });

  it('has Grafana load dashboards from where they are mounted', () => {
    const [from, to] = (services as Record<string, { volumes?: string[] }>)['grafana']!.volumes![0]!.split(
      ':',
    );
    const { providers } = parse(readFileSync(`${from}/dashboards/statuslens.yml`, 'utf8')) as {
      providers: { options: { path: string } }[];
    };
    const folders = providers.map(({ options }) => options.path.replace(to!, from!));
    expect(folders.flatMap((folder) => readdirSync(folder)).sort()).toEqual([
      'incident.json',
      'pipeline.json',
      'retries.json',
      'retry-behaviour.json',
      'slo.json',
      'vendor.json',
    ]);
  });

  it.each(Object.keys(services))(
    'gives %s no rights, no root and nothing to write to but volumes',
    (name) => {
      expect(service(name)).toMatchObject({
        user: expect.not.stringMatching(/^(root|0)(:|$)/) as string,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    },
  );

  it('runs the image as a user that its Dockerfile ends with', () => {
    const last = argumentsOf('USER').at(-1);
    expect(OURS.map((name) => service(name).user)).toEqual(OURS.map(() => last));
  });

  it('publishes ingest alone to others', () => {
    const open = Object.entries(services).filter(([, { ports = [] }]) =>
      ports.some((port) => !port.startsWith('127.0.0.1:')),
    );
    expect(open.map(([name]) => name)).toEqual(['ingest']);
  });

  it('has Prometheus scrape every process on the port it listens on', () => {
    const { scrape_configs } = parse(readFileSync('deploy/prometheus/prometheus.yml', 'utf8')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    const targets = scrape_configs.flatMap(({ static_configs }) =>
      static_configs.flatMap(({ targets }) => targets),
    );
    expect(targets.sort()).toEqual(OURS.map((name) => `${name}:${DEFAULT_PORTS[name]}`).sort());
  });
});
