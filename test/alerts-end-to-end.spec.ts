import { readFileSync } from 'node:fs';
import { Receivers, startAlertmanager, type RunningAlertmanager } from './harness/alertmanager.js';
import { statuslens } from './harness/command-line.js';
import { describeWith } from './harness/programs.js';
import { startPrometheus, type RunningPrometheus } from './harness/prometheus.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

/**
 * From lines of gateways to the people: real Prometheus and Alertmanager, the rules that `statuslens rules` writes and
 * deploy/alertmanager/alertmanager.yml, all with windows of seconds.
 */

/** A line that nginx wrote, docs/gateways/nginx.md; each scenario changes what it is about. */
const [LINE = ''] = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8').split('\n');

interface Scenario {
  readonly source: string;
  /** Users whose requests the lines are. */
  readonly users: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  /** Whether as many requests go well besides: nothing is down. */
  readonly isInPart?: boolean;
  /** What must arrive where: the alert and, with it, some of its labels. */
  readonly alert: string;
  readonly receiver: string;
  readonly labels: Readonly<Record<string, string>>;
}

const HUAWEI = {
  host: 'ecs.cn-north-4.myhuaweicloud.com',
  request_uri: '/v1/p/cloudservers',
};
const HITACHI = { host: 'cm.example', request_uri: '/ConfigurationManager/v1/objects/ldevs' };
const answered = (code: string) => ({ status: code, upstream_status: code, upstream_header_time: '0.010' });
const EVERYBODY = ['backup', 'billing', 'portal', 'terraform'];

const SCENARIOS: readonly Scenario[] = [
  {
    source: 'one-caller',
    users: ['backup'],
    fields: { ...HUAWEI, ...answered('503') },
    alert: 'ClientFaultSurge',
    receiver: 'callers',
    labels: { consumer: 'backup', responsible: 'client', team: 'cloud' },
  },
  {
    source: 'every-caller',
    users: EVERYBODY,
    fields: { ...HUAWEI, ...answered('503') },
    alert: 'EveryCallerHit',
    receiver: 'platform-team',
    labels: { responsible: 'platform', severity: 'page', verdict: 'client_fault' },
  },
  {
    source: 'busy-array',
    users: EVERYBODY.slice(0, 1),
    fields: { ...HITACHI, ...answered('503') },
    isInPart: true,
    alert: 'BusySustained',
    receiver: 'storage-team',
    labels: { responsible: 'service_or_device', severity: 'ticket' },
  },
  {
    source: 'stopped-api',
    users: EVERYBODY.slice(0, 1),
    fields: { ...HITACHI, status: '502', upstream_status: '502', upstream_header_time: '-' },
    alert: 'StorageApiUnreachable',
    receiver: 'storage-team',
    labels: { responsible: 'service', severity: 'page' },
  },
  {
    source: 'full-gateway',
    users: EVERYBODY.slice(0, 1),
    fields: { ...HITACHI, status: '503', upstream_status: '', upstream_header_time: '', upstream_addr: '' },
    alert: 'GatewayDown',
    receiver: 'gateway-team',
    labels: { responsible: 'gateway', severity: 'page' },
  },
];

/** Windows of seconds, from the same generator. */
const SETTINGS = {
  monitoring: {
    scrape_interval: '1s',
    windows: { short: '5s', medium: '7s', long: '10s', baseline: '1h' },
    slo: {
      burn: [
        { speed: 'fast', long: '10s', short: '5s', factor: 14.4 },
        { speed: 'slow', long: '20s', short: '5s', factor: 3 },
      ],
    },
  },
  sources: Object.fromEntries(
    SCENARIOS.map(({ source }) => [
      source,
      {
        format: 'nginx-json',
        labels: { team: 'cloud' },
        consumers: EVERYBODY.map((name) => ({ name, user: name })),
      },
    ]),
  ),
};

await describeWith(['prometheus', 'alertmanager'], 'alerts, from the line to the receiver,', () => {
  const receivers = new Receivers();
  let redis: RunningRedis;
  let running: RunningStatuslens;
  let alertmanager: RunningAlertmanager;
  let prometheus: RunningPrometheus;
  let isFeeding = true;
  let feeding: Promise<void>;

  beforeAll(async () => {
    redis = await startRedis();
    running = await startStatuslens(redis.url, SETTINGS);
    alertmanager = await startAlertmanager(await receivers.listen());
    prometheus = await startWithRules(running, alertmanager.url, redis.url);
    feeding = feed(running, () => isFeeding);
  }, 60_000);
  afterAll(async () => {
    isFeeding = false;
    await feeding;
    await prometheus.stop();
    await alertmanager.program.kill('SIGTERM');
    receivers.close();
    await running.stop();
    await redis.stop();
  });

  it.each(SCENARIOS)(
    '$source: $alert reaches $receiver',
    async ({ source, alert, receiver, labels }) => {
      const notice = await until(
        `${alert} of ${source} is told`,
        () => receivers.told(alert, source, 'firing'),
        { timeoutMs: 60_000 },
      );
      expect(notice).toMatchObject({ receiver, labels });
      expect(Object.keys(notice.annotations).sort()).toEqual([
        'action',
        'citation',
        'description',
        'rests_on',
        'runbook_url',
        'summary',
      ]);
    },
    65_000,
  );

  it('tells nobody of what everybody is told of already', () => {
    expect(receivers.told('ClientFaultSurge', 'every-caller', 'firing')).toBeUndefined();
    expect(receivers.told('GatewayFailing', 'full-gateway', 'firing')).toBeUndefined();
    expect(
      receivers.notices.some(
        ({ labels, receiver }) => labels['source'] === 'full-gateway' && receiver === 'storage-team',
      ),
    ).toBe(false);
  });

  it('ends each of them when the storage works again', async () => {
    isFeeding = false;
    await feeding;
    for (const { alert, source } of SCENARIOS)
      await until(`${alert} of ${source} is over`, () => receivers.told(alert, source, 'resolved'), {
        timeoutMs: 60_000,
      });
  }, 65_000);
});

/** Sends lines of all scenarios, several times a second, for as long as it should. */
async function feed(running: RunningStatuslens, isFeeding: () => boolean): Promise<void> {
  let next = Date.now();
  while (isFeeding()) {
    for (const scenario of SCENARIOS) {
      await running.send(scenario.source, bodyOf(scenario));
    }
    next += 250;
    await until('the next lines are due', () => Date.now() >= next || !isFeeding());
  }
}

const bodyOf = ({ users, fields, isInPart }: Scenario): string => {
  const answers = isInPart ? [fields, { ...fields, ...answered('200') }] : [fields];
  return users.flatMap((user) => answers.map((answer) => line(answer, user).repeat(5))).join('');
};

const line = (fields: Readonly<Record<string, string>>, user: string): string => {
  const now = new Date();
  const time = { time: now.toISOString(), msec: (now.getTime() / 1000).toFixed(3) };
  return `${JSON.stringify({ ...(JSON.parse(LINE) as object), ...time, remote_user: user, ...fields })}\n`;
};

async function startWithRules(
  { exporter, ingest, worker }: RunningStatuslens,
  alertmanager: string,
  redisUrl: string,
): Promise<RunningPrometheus> {
  const { code, stdout: rules } = await statuslens(['rules', '--config', writeSettings(redisUrl, SETTINGS)]);
  expect(code).toBe(0);
  const args = ['--rules.alert.resend-delay=1s'];
  return startPrometheus({ statuslens: [exporter, ingest, worker] }, { rules, alertmanager, args });
}
