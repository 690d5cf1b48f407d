import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { loadSettings } from '#settings';
import { statuslens, type Ran } from '../../../../test/harness/command-line.js';
import { describeWith } from '../../../../test/harness/programs.js';
import { plannedTests, type PlannedTest } from '../settings-tests/planned-test.js';
import { testFindings } from '../settings-tests/test-findings.js';

const PAGE = readFileSync('docs/testing-your-settings.md', 'utf8');
const LDEVS = '/ConfigurationManager/v1/objects/ldevs';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'statuslens-test-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer | object): string {
  const file = join(folder, name);
  const isText = typeof content === 'string' || Buffer.isBuffer(content);
  writeFileSync(file, isText ? content : stringify(content));
  return file;
}

const line = (status: number, more: object = {}): string =>
  `${JSON.stringify({ request_method: 'GET', request_uri: LDEVS, status: `${status}`, upstream_status: `${status}`, ...more })}\n`;

const tested = (test: object, settings: object = { sources: { gateway: {} } }): Promise<Ran> => {
  const config = written('settings.yaml', settings);
  return statuslens(['test', written('tests.yaml', { config, tests: [{ name: 'x', ...test }] })]);
};

const PASSED = { code: 0, stdout: 'ok    x\n1 passed, 0 failed\n', stderr: '' };

const blocksOf = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);

describe('statuslens test', () => {
  it('counts a log at the time of its newest line, or at that of its receipt', async () => {
    const log = ['07:00:00', '07:59:00', '08:00:00']
      .map((time) => line(500, { time: `2026-11-21T${time}+00:00` }))
      .join('');
    const [late, future] = ['statuslens_late_lines_total', 'statuslens_future_lines_total'] as const;
    expect(await tested({ log, metrics: { [late]: 1, [future]: 0 } })).toEqual(PASSED);
    const received = '2026-11-21T08:30:00+01:00';
    expect(await tested({ log, received, metrics: { [late]: 1, [future]: 2 } })).toEqual(PASSED);
    expect(await tested({ log, received: '2026-11-21T09:00:00Z', metrics: { [late]: 3 } })).toEqual(PASSED);
  });

  it('reads as the settings of the source say: what is ignored, devices, consumers', async () => {
    const source = {
      vendor: 'hitachi-opscenter-cm',
      format: 'nginx-json',
      max_devices: 1,
      ignore: [{ user_agent: 'probe*' }],
      consumers: [{ name: 'backup', user_agent: 'veeam*' }],
    };
    const storage = (id: string): string => `/ConfigurationManager/v1/objects/storages/${id}/ldevs`;
    const log =
      line(200, { http_user_agent: 'probe/1' }) +
      line(503, { http_user_agent: 'veeam/12', request_uri: storage('886000123456') }) +
      line(200, { request_uri: storage('886000123457') });
    const metrics = {
      'statuslens_device_requests_total{device="886000123456", verdict="retryable_busy"}': 1,
      'statuslens_device_requests_total{device="other"}': 1,
      'statuslens_consumer_requests_total{consumer="backup"}': 1,
      'statuslens_lines_total{outcome="ignored"}': 1,
    };
    const judgements = [{ ignored: 'by_rule' }, { code: 503 }, { code: 200 }];
    const sources = { other: {}, array: source };
    expect(await tested({ source: 'array', log, judgements, metrics }, { sources })).toEqual(PASSED);
  });

  it('reads a log beside the file, gzipped too, and runs several files', async () => {
    const log = line(200).repeat(3);
    const metrics = { statuslens_lines_total: 3 };
    written('three.log', log);
    written('three.log.gz', gzipSync(log));
    const files = ['three.log', 'three.log.gz'].map((log_file) =>
      written(`${log_file}.yaml`, { tests: [{ name: log_file, log_file, metrics }] }),
    );
    expect((await statuslens(['test', ...files])).stdout).toBe(
      'ok    three.log\nok    three.log.gz\n2 passed, 0 failed\n',
    );
  });

  it('lets no control character of a file reach the terminal', async () => {
    const evil = '\u001b]0;owned\u0007\u009b31m';
    const log = `${evil}\n${line(200, { request_uri: `/${evil}` })}`;
    const wrong = await tested({ name: evil, log, judgements: [], metrics: { [evil]: 1 } });
    const failing = await tested({ name: evil, log, judgements: [] });
    expect([wrong.code, failing.code]).toEqual([1, 1]);
    for (const { stdout, stderr } of [wrong, failing])
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('says of alerts that they were not tested where there is no promtool', async () => {
    const tests = [{ name: 'x', log: '', alerts: { quiet: ['GatewayDown'] } }];
    const settings = (): ReturnType<typeof loadSettings> => loadSettings('statuslens.yaml', {});
    const [plan] = plannedTests(written('alerts.yaml', { tests }), settings) as PlannedTest[];
    expect(await testFindings(plan!, undefined)).toEqual([
      { of: 'alerts', name: '', text: 'not tested: there is no promtool' },
    ]);
  });
});

describe('docs/testing-your-settings.md', () => {
  it('shows the example that its command runs', () => {
    expect(blocksOf('yaml')).toEqual([readFileSync('docs/example-tests.yaml', 'utf8')]);
  });
});

await describeWith(['promtool'], 'statuslens test, with alerts', () => {
  it.each(blocksOf('sh').flatMap((block) => block.trim().split('\n')))('%s passes', async (command) => {
    const { code, stdout } = await statuslens(command.split(' ').slice(2));
    expect([code, stdout.split('\n').at(-2)]).toEqual([0, '3 passed, 0 failed']);
  });

  it('tells which alerts fire instead, and why those that are expected may be quiet', async () => {
    const firing = ['GatewayDown', { alert: 'BudgetFastBurn', labels: { team: 'disks' } }];
    const alerts = { repeat: '30s', for: '20m', firing, quiet: ['BudgetFastBurn'] };
    const sources = { gateway: { labels: { team: 'disks' } } };
    const { code, stdout } = await tested({ log: line(500), alerts }, { sources });
    expect([code, stdout.split('\n').slice(1)]).toEqual([
      1,
      [
        '        alert       GatewayDown',
        '                    expected to fire; it was quiet; firing: BudgetFastBurn, BudgetSlowBurn',
        '        alert       BudgetFastBurn',
        '                    expected to be quiet; it fires with responsible="service_or_device",',
        '                    severity="page", source="gateway", team="disks", vendor="hitachi-opscenter-cm"',
        '        note        there were 10 requests in 5 minutes, and few say little; see `repeat`',
        '0 passed, 1 failed',
        '',
      ],
    ]);
  });

  it('has a well statuslens before the first line: nothing fires but what a silent source must raise', async () => {
    const alerts = { for: '40m', only: true };
    expect(await tested({ log: '', alerts })).toEqual(PASSED);
    const sources = { gateway: { heartbeat: '10m' } };
    const log = line(200, { time: '2026-11-21T08:00:00+00:00' });
    expect(await tested({ log, alerts }, { sources })).toEqual(PASSED);
    expect(await tested({ log: '', alerts: { ...alerts, firing: ['SourceLost'] } }, { sources })).toEqual(
      PASSED,
    );
  });
});
