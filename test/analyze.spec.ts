import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Report } from '../apps/cli/src/analysis/report.js';
import { startProgram, type Child } from './harness/child.js';
import { statuslens } from './harness/command-line.js';
import { freePort } from './harness/free-port.js';
import { incidentLog } from './harness/incident-log.js';
import { processUsage } from './harness/process-usage.js';
import { describeWith, testProgram } from './harness/programs.js';
import { startPrometheus, type RunningPrometheus } from './harness/prometheus.js';
import { until } from './harness/until.js';

const START = Date.parse('2026-11-20T07:00:00Z');
const MINUTES = 40;
const LINES = [...incidentLog({ startMs: START, minutes: MINUTES, requestsPerSecond: 4 })];
const MB = 1024 ** 2;
/** Node, the catalogue and a file of any length. */
const MOST_MEMORY = 400 * MB;

let folder: string;
let log: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'statuslens-analyze-'));
  log = join(folder, 'access.log');
  writeFileSync(log, `${LINES.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function analyzed(...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await statuslens(['analyze', '--json', ...args]);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Report;
}

const requestsOf = ({ requests }: Report): number => requests.reduce((sum, { count }) => sum + count, 0);

describe('statuslens analyze', () => {
  it('finds in a log what happened in it', async () => {
    const { by, callers, conduct } = await analyzed('--by', 'device', '--by', '10m', log);
    expect(by[0]!.groups[0]).toMatchObject({ group: '886000123456' });
    const busy = by[1]!.groups.map(({ verdicts }) => verdicts['retryable_busy'] ?? 0);
    expect(busy.map((count) => count > 100)).toEqual([false, true, false, false]);
    expect(callers![0]!.forbiddenRepeats).toBeGreaterThan(20);
    expect(callers![0]!.group).toMatch(/^10\.20\.9\.x provision\.sh #\d+$/);
    expect(conduct!.repeatedWrites).toBe(conduct!.suspects.length);
    expect(conduct!.suspects[0]).toMatchObject({ method: 'POST', first: { code: 504 } });
    expect(conduct!.suspects[0]!.caller).toMatch(/^10\.20\.1\.x backup/);
  });

  it('is not misled by the order of the files that a log is cut into, nor by .gz', async () => {
    const whole = await analyzed('--by', 'consumer', log);
    const third = Math.ceil(LINES.length / 3);
    const parts = [0, 1, 2].map((i) => {
      const file = join(folder, `access.log.${3 - i}.gz`);
      writeFileSync(file, gzipSync(`${LINES.slice(i * third, (i + 1) * third).join('\n')}\n`));
      return file;
    });
    for (const order of [parts, [...parts].reverse()]) {
      const { conduct, requests, time } = await analyzed('--by', 'consumer', ...order);
      expect({ conduct, requests, time }).toEqual({
        conduct: whole.conduct,
        requests: whole.requests,
        time: whole.time,
      });
    }
  });

  it('leaves out what is not of the time that is asked for, and says how much', async () => {
    const [since, until] = ['2026-11-20T07:10:00Z', '2026-11-20T07:20:00Z'];
    const whole = await analyzed(log);
    const part = await analyzed('--since', since, '--until', until, log);
    expect(requestsOf(part) + part.time.outside).toBe(requestsOf(whole));
    expect(Date.parse(part.time.first!)).toBeGreaterThanOrEqual(Date.parse(since));
    expect(Date.parse(part.time.last!)).toBeLessThan(Date.parse(until));
    expect(part.time.untimed).toBe(0);
  });

  it('reads as a source of the settings does, and names its consumers', async () => {
    const config = join(folder, 'statuslens.yaml');
    const consumers = '[{ name: provisioning, user_agent: provision.sh }]';
    writeFileSync(config, `sources: { edge: { format: nginx-json, consumers: ${consumers} } }\n`);
    const { callers } = await analyzed('--source', 'edge', '--config', config, log);
    expect(callers![0]).toMatchObject({ group: 'provisioning' });
    expect(callers![0]!.forbiddenRepeats).toBeGreaterThan(20);
  });

  describe('--html', () => {
    let page: string;
    beforeAll(async () => {
      const file = join(folder, 'page.html');
      expect(await statuslens(['analyze', '--html', file, log])).toMatchObject({ code: 0 });
      page = readFileSync(file, 'utf8');
    });

    it('says on top what happened, and who must act', () => {
      expect(page).toMatch(/requests \(\d+ %\) did not do what they were sent for\./);
      expect(page).toMatch(/are for the storage team \(API server or array\) to act upon/);
      expect(page).toMatch(/writes may have been done twice/);
    });

    it('asks nobody for anything, and runs nothing', () => {
      expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import|javascript:|\son\w+=/i);
      const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
      const hash = createHash('sha256').update(style).digest('base64');
      expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'"`);
      expect(page).not.toMatch(/\sstyle=/);
    });

    it('shows hostile texts as texts, whatever is hostile about them', async () => {
      const hostile = ['<script>alert(1)</script>', `"><b onload='x'>`, '\u2028\u202e', '\u001b[31m'];
      const lines = hostile.flatMap((agent, i) => {
        const line = {
          ...(JSON.parse(LINES[0]!) as object),
          status: '504',
          upstream_status: '-',
          request_method: 'POST',
        };
        const evil = { ...line, http_user_agent: agent, request_uri: `/${agent}`, request_id: agent };
        return [0, 1].map((again) =>
          JSON.stringify({ ...evil, msec: `${START / 1000 + 10 * i + again}.000`, request_time: 0 }),
        );
      });
      const { stdout } = await statuslens(['analyze', '--html', '-', '-'], { input: lines.join('\n') });
      expect(stdout).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(stdout).toContain('\\x1b[31m');
      expect(stdout).toContain('\\u{2028}\\u{202e}');
      for (const bad of ['<script', '<b onload', '\u2028', '\u202e', '\u001b'])
        expect(stdout).not.toContain(bad);
    });
  });

  it('takes no more memory for a longer log', async () => {
    const file = join(folder, 'long.html');
    const args = [
      '--by',
      '5m',
      '--by',
      'consumer',
      '--html',
      file,
      '--openmetrics',
      join(folder, 'long.om'),
      '-',
    ];
    const child = startProgram(
      { command: process.execPath, env: {} },
      ['dist/apps/cli/src/main.js', 'analyze', ...args],
      { input: `${LINES.join('\n')}\n`.repeat(6) },
    );
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, processUsage(child.pid)?.peakMemory ?? 0)), 20);
    expect(await child.exited).toMatchObject({ code: 0 });
    clearInterval(watch);
    expect(most).toBeGreaterThan(10 * MB);
    expect(most).toBeLessThan(MOST_MEMORY);
  });
});

await describeWith(['prometheus', 'promtool'], 'statuslens analyze --openmetrics', () => {
  let prometheus: RunningPrometheus;
  let report: Report;

  beforeAll(async () => {
    const { stdout, code } = await statuslens(['analyze', '--openmetrics', '-', log]);
    expect(code).toBe(0);
    report = await analyzed(log);
    prometheus = await startPrometheus({}, { history: stdout, args: ['--storage.tsdb.retention.time=10y'] });
  });
  afterAll(() => prometheus.stop());

  const END = START / 1000 + MINUTES * 60;
  const at = (promql: string, seconds: number): Promise<number | undefined> =>
    prometheus.value(promql.replaceAll('@', `@ ${seconds}`));

  it('gives Prometheus every request at the end of the log, by its judgement', async () => {
    for (const { vendor, code, verdict, count } of report.requests)
      expect(
        await at(
          `sum(statuslens_requests_total{vendor="${vendor}",code="${code}",verdict="${verdict}"} @)`,
          END,
        ),
      ).toBe(count);
  });

  it('tells how much a counter grew at a time in the past', async () => {
    const { by } = await analyzed('--by', '10m', log);
    const busy = by[0]!.groups[1]!.verdicts['retryable_busy']!;
    const query = 'sum(increase(statuslens_requests_total{verdict="retryable_busy"}[11m] @))';
    const grown = await at(query, START / 1000 + 20 * 60 + 30);
    expect(grown! / busy).toBeGreaterThan(0.95);
    expect(grown! / busy).toBeLessThan(1.1);
    expect(await at(query, START / 1000 + 9 * 60)).toBe(0);
  });

  it('has what callers did next, and histograms', async () => {
    const never = report.conduct!.retries.filter(({ disposition }) => disposition === 'never');
    expect(await at('sum(statuslens_retries_total{disposition="never"} @)', END)).toBe(never[0]!.requests);
    expect(
      await at('histogram_quantile(0.5, sum by (le) (statuslens_request_duration_seconds_bucket @))', END),
    ).toBeLessThan(0.05);
  });
});

await describeWith(['prometheus', 'promtool'], 'docs/incident-review.md', () => {
  const PAGE = readFileSync('docs/incident-review.md', 'utf8');
  const commands = [...PAGE.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
    block!.trim().split('\n'),
  );
  let prometheus: Child | undefined;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    writeFileSync(join(folder, 'access.log.1.gz'), gzipSync(`${LINES.slice(0, 100).join('\n')}\n`));
  });
  afterAll(() => prometheus?.kill('SIGTERM'));

  it('has commands', () => expect(commands.length).toBeGreaterThan(6));

  it('has commands that run, one after the other', async () => {
    for (const command of commands) await runs(command);
  });

  async function runs(command: string): Promise<void> {
    const here = command
      .replace('npx statuslens', `${process.execPath} ${process.cwd()}/dist/apps/cli/src/main.js`)
      .replaceAll('localhost:9090', `127.0.0.1:${port}`);
    const [name = ''] = here.split(' ');
    const program = ['promtool', 'prometheus'].includes(name) ? await testProgram(name) : undefined;
    const words = here.replace(name, program?.command ?? name);
    const child = startProgram({ command: 'sh', env: program?.env ?? {} }, ['-c', `exec ${words}`], {
      cwd: folder,
    });
    if (name === 'prometheus') {
      prometheus = child;
      await until('Prometheus is ready', async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
      return;
    }
    const { code } = await child.exited;
    if (code !== 0) throw new Error(`${command} ended with ${code} and printed:\n${child.output}`);
    if (command.includes('query')) expect(child.stdout).toMatch(/=> \d/);
  }
});
