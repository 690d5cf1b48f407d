import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import {
  AUTHENTICATION_OUTCOMES,
  CHAIN_OUTCOMES,
  CONDUCT_METRICS,
  DISPOSITIONS,
  JOB_OUTCOMES,
  SCRAPED_METRICS,
  SESSION_OUTCOMES,
  SKIP_REASONS,
  WAIT_OUTCOMES,
  type MetricDefinition,
} from '#metric-names';
import { drawnDashboards, RULE_FORMATS, ruleGroups } from '#monitoring';
import { dashboardScopeOf, loadSettings } from '#settings';
import { shiftToNow } from '../apps/standalone/src/demo-log.js';
import { describeWith } from './harness/programs.js';
import { startPrometheus, type RunningPrometheus, type ScrapeJobs } from './harness/prometheus.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

/** Windows that fill within seconds. */
const SETTINGS = {
  monitoring: {
    scrape_interval: '1s',
    maintenance: '1m',
    windows: { short: '4s', medium: '8s', long: '12s', baseline: '1m' },
    slo: {
      period: '1m',
      minimum_requests: 1,
      burn: [
        { speed: 'fast', long: '8s', short: '4s', factor: 14.4 },
        { speed: 'slow', long: '12s', short: '8s', factor: 1 },
      ],
    },
  },
  ingest: { listen: { port: 0 }, receivers: { syslog_udp: { port: 0 } } },
  sources: {
    nginx: { format: 'nginx-json', consumers: [{ name: 'csi', user_agent: 'csi-driver/*' }] },
    apache: { format: 'combined', heartbeat: '1m' },
  },
};

const VARIABLES: Readonly<Record<string, string>> = {
  $source: '.*',
  $vendor: '.*',
  $__rate_interval: '5s',
  $__range: '30s',
  $__interval: '1s',
  $__from: '0',
};
const NEWEST_SCRAPE = 'min(timestamp(up))';
const filledIn = (expr: string): string => expr.replace(/\$\w+/g, (name) => VARIABLES[name] ?? name);

/** Queries of which 0 is the right answer here, and why. */
const ZERO_IS_RIGHT: Readonly<Record<string, string>> = {
  'pipeline: Batches that do not add up A': 'they do',
  'pipeline: Batches by outcome B': 'no worker dies here, so nothing is delivered again',
  'pipeline: Batches in the queue A': 'workers may be quicker than scrapes',
  'pipeline: Age of the oldest batch A': 'workers may be quicker than scrapes',
  'pipeline: Bytes in the queue A': 'workers may be quicker than scrapes',
};

const [NGINX, APACHE] = ['nginx', 'apache'].map((name) =>
  readFileSync(`apps/standalone/demo/${name}.log`, 'utf8'),
) as [string, string];
const REFUSED = NGINX.split('\n').find((line) => line.includes('"limit_req_status":"REJECTED"'))!;
/** What a gateway in trouble logs, and a client that hung up before anybody answered. */
const GATEWAY = ['500', '000'].map((status) =>
  REFUSED.replace('"status":"429"', `"status":"${status}"`).replace('REJECTED', 'PASSED'),
);
const NOT_GZIP = Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(40, 0xff)]);
const HOUR = 3_600_000;

async function datagram(port: number, text: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise((sent) => socket.send(text, port, '127.0.0.1', sent));
  socket.close();
}

interface Asked {
  readonly where: string;
  readonly expr: string;
}

await describeWith(['prometheus', 'redis-server'], 'dashboards on a real Prometheus', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let prometheus: RunningPrometheus;
  let dashboards: ReadonlyMap<string, Dashboard>;
  let upgraded: Exporter;

  beforeAll(async () => {
    redis = await startRedis({ appendonly: true, args: ['--maxmemory', '256mb'] });
    statuslens = await startStatuslens(redis.url, SETTINGS);
    const scope = dashboardScopeOf(loadSettings(writeSettings(redis.url, SETTINGS), {}));
    dashboards = await drawnDashboards(scope);
    upgraded = await startExporter();
    const rules = JSON.stringify(RULE_FORMATS.prometheus(ruleGroups(scope)));
    prometheus = await startPrometheus(jobs(), { rules });
    await until(
      'both exporters are scraped',
      async () => (await valuesOf('statuslens_build_info')).length === 2,
    );
  });
  afterAll(async () => {
    await prometheus?.stop();
    await statuslens?.stop();
    await redis?.stop();
    upgraded?.server.close();
  });

  /** The exporter under two addresses stands for two exporters. */
  const jobs = (): ScrapeJobs => ({
    statuslens: [
      statuslens.exporter,
      `http://localhost:${new URL(statuslens.exporter).port}`,
      `http://127.0.0.1:${upgraded.port}`,
    ],
    'statuslens-processes': [statuslens.ingest, statuslens.worker],
  });

  async function api<Data>(path: string): Promise<Data> {
    const answer = await fetch(`${prometheus.url}/api/v1/${path}`);
    const body = (await answer.json()) as { status: string; data: Data; error?: string };
    if (body.status !== 'success') throw new Error(body.error);
    return body.data;
  }

  /** The values of all series, now. */
  const valuesOf = async (expr: string): Promise<number[]> => {
    const { result } = await api<{ result: { value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(expr)}`,
    );
    return result.map(({ value }) => Number(value[1]));
  };

  /** What a bad day brings: every verdict, late lines, lines from the future, unreadable ones, repeats, refusals, lines dropped. */
  async function feed(): Promise<void> {
    const now = Date.now();
    await statuslens.send('nginx', shiftToNow([NGINX.trimEnd(), ...GATEWAY].join('\n'), now));
    await statuslens.send('apache', `${shiftToNow(APACHE, now)}not a log line\n`);
    await statuslens.send('apache', shiftToNow(APACHE, now - HOUR));
    await statuslens.send('apache', shiftToNow(APACHE, now + HOUR));
    await statuslens.send('nginx', NOT_GZIP, { 'content-encoding': 'gzip' });
    await statuslens.send('apache', APACHE, { 'idempotency-key': 'again' });
    await statuslens.send('nobody', 'a source that is not in the settings');
    await datagram(statuslens.receiver('syslog_udp').port, 'a name that is not in the settings');
  }

  const queries = (): Asked[] =>
    [...dashboards].flatMap(([name, { panels = [] }]) =>
      panels
        .filter((panel): panel is Panel => panel.type !== 'row')
        .flatMap(({ title, targets = [] }) =>
          (targets as unknown as Dataquery[]).map(({ refId, expr }) => ({
            where: `${name}: ${title} ${refId}`,
            expr: filledIn(expr),
          })),
        ),
    );

  it('answer every query of every panel with data', async () => {
    const asked = queries();
    expect(asked.length).toBeGreaterThan(80);
    const found = new Map<string, number[]>();
    const unanswered = (): string[] =>
      asked.map(({ where }) => where).filter((where) => !isData(where, found.get(where) ?? []));
    await until(
      'every panel shows something',
      async () => {
        await feed();
        const fed = Date.now() / 1000;
        await until('it is scraped', async () => (await valuesOf(NEWEST_SCRAPE))[0]! > fed);
        for (const { where, expr } of asked)
          if (!isData(where, found.get(where) ?? []))
            found.set(where, await valuesOf(expr).catch((error) => fail(where, error)));
        return unanswered().length === 0;
      },
      { timeoutMs: 25_000 },
    ).catch((error: unknown) => {
      throw new Error(`without data:\n${unanswered().join('\n')}`, { cause: error });
    });
    if (process.env.STATUSLENS_PRINT_SERIES)
      for (const { where } of asked)
        process.stderr.write(
          `${where}: ${found.get(where)!.length} series, ${told(found.get(where)!)} not 0\n`,
        );
  });

  it('never show 0 for evidence that no log has', async () => {
    const [{ expr }] = queries().filter(
      ({ where }) => where === 'incident: Evidence that the logs show A',
    ) as [Asked];
    const shares = await valuesOf(expr);
    expect(shares).toEqual(expect.arrayContaining([NaN, 1]));
    expect(shares).not.toContain(0);
  });

  it('find values for every variable', async () => {
    for (const [name, { templating }] of dashboards)
      for (const { definition = '' } of templating.list!.slice(1)) {
        const [, match, label] = /^label_values\((.*), (\w+)\)$/.exec(definition)!;
        const path = `label/${label}/values?match[]=${encodeURIComponent(filledIn(match!))}`;
        const values = await api<string[]>(path);
        expect([name, label, values.length > 1]).toEqual([name, label, true]);
      }
  });

  it('mark that processes started, and a version that is new; nothing else changed', async () => {
    const { list = [] } = dashboards.get('incident')!.annotations;
    const marksOf = async (name: string): Promise<number> => {
      const { expr } = list.find((annotation) => annotation.name === name)!;
      return (await valuesOf(filledIn(expr!))).length;
    };
    expect(list.map(({ name }) => name)).toEqual(['Documents', 'Version', 'Settings of rules', 'Reload']);
    expect(await marksOf('Reload')).toBeGreaterThan(0);
    upgraded.version = 'next';
    await until('the new version is marked', async () => (await marksOf('Version')) === 1);
    await until('it is not marked for ever', async () => (await marksOf('Version')) === 0);
    expect([await marksOf('Documents'), await marksOf('Settings of rules')]).toEqual([0, 0]);
  });
});

/** A value that says something: neither 0 nor no number. */
const told = (values: readonly number[]): number =>
  values.filter((value) => value !== 0 && !isNaN(value)).length;

const isData = (where: string, values: readonly number[]): boolean =>
  where in ZERO_IS_RIGHT ? values.length > 0 : told(values) > 0;

/**
 * An exporter of another version, if it has one, that shows what callers did: of the lines above that would be known
 * long after this test.
 */
interface Exporter {
  readonly server: Server;
  readonly port: number;
  version: string | undefined;
}

async function startExporter(): Promise<Exporter> {
  const began = Date.now() - 60_000;
  const server = createServer((_, response) => {
    const { version } = exporter;
    const build = version === undefined ? '' : `statuslens_build_info{version="${version}"} 1\n`;
    response.end(build + whatCallersDid((Date.now() - began) / 1000));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const exporter: Exporter = { server, port: (server.address() as AddressInfo).port, version: undefined };
  return exporter;
}

const LABEL_VALUES: Readonly<Record<string, readonly string[]>> = {
  source: ['nginx'],
  vendor: ['hitachi-opscenter-cm'],
  code: ['504'],
  previous_code: ['503'],
  consumer: ['csi'],
  device: ['800000012345'],
  disposition: DISPOSITIONS,
  reason: SKIP_REASONS,
};
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  retryWaits: WAIT_OUTCOMES,
  retryChains: CHAIN_OUTCOMES,
  jobs: JOB_OUTCOMES,
  authentication: AUTHENTICATION_OUTCOMES,
  sessions: SESSION_OUTCOMES,
};
/** Of gauges; counters grow by one a second for each series, and requests by a hundred. */
const GAUGES: Readonly<Record<string, number>> = { retryHerd: 0.7, sessionsOpen: 12, maintenance: 1 };

/** A page of every metric about callers. @param seconds for how long they have been at it */
function whatCallersDid(seconds: number): string {
  const ofCallers = Object.entries(CONDUCT_METRICS).flatMap(([key, metric]: [string, MetricDefinition]) =>
    labelSets(metric.labels, { ...LABEL_VALUES, outcome: OUTCOMES[key] ?? [] }).flatMap((labels) =>
      samplesOf(key, metric, labels, seconds),
    ),
  );
  return [...ofCallers, `${SCRAPED_METRICS.sessionLimit.name}{vendor="hitachi-opscenter-cm"} 64`, ''].join(
    '\n',
  );
}

function samplesOf(
  key: string,
  { name, type, buckets = [] }: MetricDefinition,
  labels: string,
  seconds: number,
): string[] {
  if (key === 'conductSettled') return [`${name}{${labels}} ${Date.now() / 1000 - 300}`];
  if (type === 'gauge') return [`${name}{${labels}} ${GAUGES[key]}`];
  if (type === 'counter')
    return [`${name}{${labels}} ${key === 'conductRequests' ? 100 * seconds : seconds}`];
  const bounds = [...buckets, '+Inf'].map(
    (le, i) => `${name}_bucket{${labels},le="${le}"} ${(i + 1) * seconds}`,
  );
  const count = bounds.length * seconds;
  return [...bounds, `${name}_sum{${labels}} ${count}`, `${name}_count{${labels}} ${count}`];
}

/** Every combination of label values, as the exposition format writes them. */
const labelSets = (names: readonly string[], values: Readonly<Record<string, readonly string[]>>): string[] =>
  names.reduce<string[]>(
    (sets, name) =>
      sets.flatMap((set) => values[name]!.map((value) => `${set}${set && ','}${name}="${value}"`)),
    [''],
  );

function fail(where: string, error: unknown): never {
  throw new Error(`${where}: ${String(error)}`, { cause: error });
}
