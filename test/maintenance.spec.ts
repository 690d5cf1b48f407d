import { ALERTS } from '#monitoring';
import { Receivers, startAlertmanager, type RunningAlertmanager } from './harness/alertmanager.js';
import { describeWith } from './harness/programs.js';
import { until } from './harness/until.js';

/** An alert as Prometheus sends it: test/rules show that the rules give these labels. */
interface Sent {
  readonly alert: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Who must be told; nobody where it is left out. */
  readonly told?: string;
}

interface Scenario {
  readonly source: string;
  readonly alerts: readonly Sent[];
}

const A = { device: '800000012345' };
const B = { device: '800000054321' };
const BUSY = { verdict: 'retryable_busy' };
const [PLATFORM, STORAGE] = ['platform-team', 'storage-team'];

const SCENARIOS: readonly Scenario[] = [
  {
    source: 'without-maintenance',
    alerts: [
      { alert: 'DeviceMostlyFailing', labels: { ...A, ...BUSY }, told: PLATFORM },
      { alert: 'BudgetFastBurn', told: STORAGE },
      { alert: 'RetryStorm', told: PLATFORM },
    ],
  },
  {
    source: 'one-device-under-maintenance',
    alerts: [
      { alert: 'DeviceMaintenanceSuspected', labels: A, told: STORAGE },
      { alert: 'DeviceMostlyFailing', labels: { ...A, ...BUSY } },
      { alert: 'DeviceMostlyFailing', labels: { ...A, verdict: 'gateway_timeout' }, told: PLATFORM },
      { alert: 'DeviceMostlyFailing', labels: { ...B, ...BUSY }, told: PLATFORM },
      { alert: 'BudgetFastBurn', told: STORAGE },
      { alert: 'RetryStorm', told: PLATFORM },
      { alert: 'DeviceSilent', told: STORAGE },
    ],
  },
  {
    source: 'nothing-else-fails',
    alerts: [
      { alert: 'DeviceMaintenanceSuspected', labels: A, told: STORAGE },
      { alert: 'MaintenanceExplainsFailures' },
      { alert: 'DeviceMostlyFailing', labels: { ...A, ...BUSY } },
      { alert: 'BudgetFastBurn' },
      { alert: 'StorageApiDown' },
      { alert: 'EveryCallerHit', labels: { verdict: 'client_fault' } },
      { alert: 'DeviceSilent', told: STORAGE },
      { alert: 'ThrottledConsumers', told: PLATFORM },
      { alert: 'RetryStorm', told: PLATFORM },
    ],
  },
  {
    source: 'promised-wait',
    alerts: [
      { alert: 'MaintenanceSuspected', told: STORAGE },
      { alert: 'DeviceMostlyFailing', labels: { ...A, ...BUSY } },
      { alert: 'BudgetFastBurn' },
      { alert: 'RetryStorm', told: PLATFORM },
    ],
  },
];

const VENDOR = 'hitachi-opscenter-cm';

/** With the labels that its rule gives it. */
function labelsOf(source: string, { alert, labels }: Sent): Record<string, string> {
  const { severity, responsible } = ALERTS.find(({ name }) => name === alert)!;
  return { alertname: alert, severity, responsible, source, vendor: VENDOR, ...labels };
}

/** Alert and its labels, in one text. */
const nameOf = ({ alertname, device = '', verdict = '' }: Readonly<Record<string, string>>): string =>
  [alertname, device, verdict].join(' ').trim();

await describeWith(['alertmanager'], 'suspected maintenance, in Alertmanager,', () => {
  const receivers = new Receivers();
  let alertmanager: RunningAlertmanager;

  beforeAll(async () => {
    alertmanager = await startAlertmanager(await receivers.listen());
    const alerts = SCENARIOS.flatMap(({ source, alerts }) =>
      alerts.map((sent) => ({ labels: labelsOf(source, sent) })),
    );
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    expect(answer.status).toBe(200);
  }, 30_000);
  afterAll(async () => {
    await alertmanager.program.kill('SIGTERM');
    receivers.close();
  });

  const toldOf = (source: string): string[] =>
    receivers.notices
      .filter(({ labels }) => labels['source'] === source)
      .map(({ labels, receiver }) => `${nameOf(labels)}: ${receiver}`)
      .sort();

  it.each(SCENARIOS)('tells of $source what nothing stands in for', async ({ source, alerts }) => {
    const expected = alerts
      .filter(({ told }) => told !== undefined)
      .map((sent) => `${nameOf(labelsOf(source, sent))}: ${sent.told}`)
      .sort();
    await until('all are told', () => toldOf(source).length >= expected.length);
    expect(toldOf(source)).toEqual(expected);
    const { length } = alerts.filter(({ told }) => told === undefined);
    expect(await quietOf(source)).toHaveLength(length);
  });

  /** Alerts that are inhibited, or for nobody. */
  async function quietOf(source: string): Promise<object[]> {
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts?filter=source="${source}"`);
    const alerts = (await answer.json()) as {
      status: { state: string };
      receivers: { name: string }[];
    }[];
    return alerts.filter(
      ({ status, receivers: [receiver] }) => status.state === 'suppressed' || receiver!.name === 'nobody',
    );
  }
});
