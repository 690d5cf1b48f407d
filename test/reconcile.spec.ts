import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startExporter } from '../apps/exporter/src/start.js';
import { shiftToNow } from '../apps/standalone/src/demo-log.js';
import { statuslens as run, type Ran } from './harness/command-line.js';
import { describeWith } from './harness/programs.js';
import { startPrometheus, type RunningPrometheus } from './harness/prometheus.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { settingsFor, writeSettings } from './harness/settings.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LOG = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8');
const LINES = LOG.trim().split('\n').length;
const HOUR_MS = 3_600_000;

interface Row {
  readonly hour?: string;
  readonly code: string;
  readonly file: number;
  readonly counted: number;
  readonly difference: number;
}

interface Outcome {
  readonly equal: boolean;
  readonly total: readonly Row[];
  readonly hours: readonly Row[];
  readonly outside: number;
  readonly notes: readonly string[];
}

await describeWith(['redis-server', 'prometheus'], 'statuslens reconcile', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let second: NestFastifyApplication;
  let prometheus: RunningPrometheus;
  let folder: string;
  let config: string;
  const SOURCES = ['shifted', 'backfilled', 'spanned', 'unsent'];
  const overrides = {
    sources: Object.fromEntries(
      SOURCES.map((name) => [name, { format: 'nginx-json', ignore: [{ path: '/health*' }] }]),
    ),
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'statuslens-reconcile-'));
    redis = await startRedis();
    config = writeSettings(redis.url, overrides);
    statuslens = await startStatuslens(redis.url, overrides);
    second = await startExporter(settingsFor(redis.url, overrides));
    prometheus = await startPrometheus(
      { statuslens: [statuslens.exporter, await second.getUrl()] },
      { interval: '250ms' },
    );
    await until('both are scraped', async () => (await prometheus.value('sum(up)')) === 2);
  });
  afterAll(async () => {
    await prometheus.stop();
    await second.close();
    await statuslens.stop();
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const reconcile = (source: string, ...more: string[]): Promise<Ran> =>
    run(['reconcile', '--prometheus', prometheus.url, '--config', config, '--source', source, ...more]);
  const outcomeOf = ({ stdout }: Ran): Outcome => JSON.parse(stdout) as Outcome;
  const differing = ({ total }: Outcome): Row[] => total.filter(({ difference }) => difference !== 0);

  /** Sends lines, and waits until all that the source was sent is scraped. */
  async function send(source: string, body: string, lines: number): Promise<void> {
    expect((await statuslens.send(source, body)).status).toBe(202);
    const counted = `sum(max without (instance) (statuslens_lines_total{source="${source}"}))`;
    await until('all is scraped', async () => (await prometheus.value(counted)) === lines);
  }

  const now = shiftToNow(LOG, Date.now());
  const [line = ''] = now.split('\n');
  const probe = line.replace(/"request_uri":"[^"]*"/, '"request_uri":"/healthz"');

  it('finds files equal to what was counted: gz, rejected and ignored lines too', async () => {
    await send('shifted', `${now}no log line\n${probe}\n`, LINES + 2);
    const files = [file('one.log.gz', gzipSync(now)), file('two.log', `no log line\n${probe}\n`)];
    const outcome = await reconcile('shifted', '--json', ...files);
    expect([outcome.code, outcomeOf(outcome)]).toEqual([
      0,
      expect.objectContaining({ equal: true, notes: [] }),
    ]);
    const { total } = outcomeOf(outcome);
    expect(total.reduce((sum, row) => sum + row.counted, 0)).toBe(LINES + 2);
    expect(total).toContainEqual({ code: 'rejected', file: 1, counted: 1, difference: 0 });
    expect(total).toContainEqual({ code: 'ignored', file: 1, counted: 1, difference: 0 });
    const { code, stdout } = await reconcile('shifted', ...files);
    expect([code, stdout]).toEqual([0, expect.stringContaining('\nequal: every line was counted')]);
    expect(stdout.split('\n').filter((one) => one.length > 100)).toEqual([]);
  });

  it('shows the very line that was withheld, and the very one that no file has', async () => {
    const withheld = line.replace('"status":"', '"status":"5').replace(/"status":"\d+"/, '"status":"507"');
    const files = [file('more.log', `${now}${withheld}\nno log line\n`)];
    const outcome = await reconcile('shifted', '--json', ...files);
    expect(outcome.code).toBe(1);
    expect(differing(outcomeOf(outcome))).toEqual([
      { code: '507', file: 1, counted: 0, difference: -1 },
      { code: 'ignored', file: 0, counted: 1, difference: 1 },
    ]);
    const { code, stdout } = await reconcile('shifted', ...files);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^total +507 +1 +0 +-1$/m);
    expect(stdout).toMatch(/^different: 1 in the file and not counted, 1 counted and not in the file$/m);
  });

  it('tells lines that were logged long before they arrived from lines that are missing', async () => {
    const old = shiftToNow(LOG, Date.now() - 5 * HOUR_MS);
    await send('backfilled', old, LINES);
    const all = await reconcile('backfilled', '--json', file('old.log', old));
    const { hours } = outcomeOf(all);
    expect([all.code, outcomeOf(all).equal]).toEqual([0, true]);
    const sum = (of: (row: Row) => number) => hours.reduce((total, row) => total + Math.max(0, of(row)), 0);
    expect([sum((row) => row.difference), sum((row) => -row.difference)]).toEqual([LINES, LINES]);
    expect((await reconcile('backfilled', join(folder, 'old.log'))).stdout).toContain('some in another hour');
    const less = old.slice(old.indexOf('\n') + 1);
    const { status } = JSON.parse(old.split('\n')[0]!) as { status: string };
    expect(differing(outcomeOf(await reconcile('backfilled', '--json', file('less.log', less))))).toEqual([
      expect.objectContaining({ code: status, difference: 1 }),
    ]);
  });

  it('compares what lies between two moments', async () => {
    await send('spanned', now, LINES);
    // times are given in full seconds
    const border = Math.ceil(Date.now() / 1000) * 1000 + 1000;
    await until('the border has passed', () => Date.now() > border + 300);
    const later = shiftToNow(LOG, Date.now() + 60_000)
      .split('\n')
      .slice(-4)
      .join('\n');
    await send('spanned', later, LINES + 3);
    const since = new Date(border).toISOString().replace('.000Z', 'Z');
    const files = [file('earlier.log', now), file('later.log', later)];
    const outcome = outcomeOf(await reconcile('spanned', '--json', '--since', since, ...files));
    expect(outcome).toMatchObject({ equal: true, outside: LINES });
    expect(outcome.total.reduce((sum, row) => sum + row.counted, 0)).toBe(3);
    const before = await reconcile('spanned', '--json', '--until', since, ...files);
    expect([before.code, outcomeOf(before)]).toMatchObject([0, { equal: true, outside: 3 }]);
    const { stdout } = await reconcile('spanned', '--since', since, ...files);
    expect(stdout).toContain(`${LINES} lines of the files were logged before or after, and are left out.\n`);
  });

  it('says that nothing was counted, and why it cannot ask', async () => {
    const log = file('unsent.log', now);
    const nothing = outcomeOf(await reconcile('unsent', '--json', log));
    expect([nothing.equal, nothing.total.every(({ counted }) => counted === 0)]).toEqual([false, true]);
    const ask = (url: string) =>
      run(['reconcile', '--prometheus', url, '--config', config, '--source', 'unsent', log]);
    expect(await ask(`${prometheus.url}/nowhere`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it answers 404') as string,
    });
    expect(await ask('http://127.0.0.1:1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot ask Prometheus at http://127.0.0.1:1/api/v1/query') as string,
    });
  });
});

await describeWith(['prometheus', 'promtool'], 'statuslens reconcile, of hours that are over', () => {
  const DAY = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS - 24 * HOUR_MS;
  const at = (clock: string): number => DAY + Date.parse(`1970-01-01T${clock}Z`);
  const [line = ''] = LOG.split('\n');
  /** A line every ten minutes; that of 07:55 came at 08:03. */
  const logged = Array.from({ length: 24 }, (_, i) => at('06:05') + i * 600_000);
  const arrived = logged.map((time) => (time === at('07:55') ? at('08:03') : time));

  /** Scrapes of two exporters, every minute, with none from 08:50 to 09:20. */
  function history(): string {
    const samples: string[] = [];
    for (const instance of ['a', 'b'])
      for (let time = at('06:00'); time <= at('11:00'); time += 60_000)
        if (time < at('08:50') || time > at('09:20'))
          samples.push(
            `statuslens_requests_total{instance="${instance}",source="default",code="503"} ${1000 + arrived.filter((one) => one <= time).length} ${time / 1000}`,
          );
    return ['# TYPE statuslens_requests counter', ...samples, '# EOF', ''].join('\n');
  }

  it('shows in which hour lines arrived, and counts on over hours without samples', async () => {
    const prometheus = await startPrometheus({}, { history: history() });
    const folder = mkdtempSync(join(tmpdir(), 'statuslens-reconcile-'));
    const log = join(folder, 'access.log');
    writeFileSync(
      log,
      logged
        .map((time) => `${shiftToNow(line, time).replace(/"status":"\d+"/, '"status":"503"')}\n`)
        .join(''),
    );
    const day = new Date(DAY).toISOString().slice(0, 10);
    const config = writeSettings('redis://127.0.0.1:1', { sources: { default: { format: 'nginx-json' } } });
    const argv = ['reconcile', '--prometheus', prometheus.url, '--source', 'default', '--config', config];
    const span = ['--since', `${day}T06:00`, '--until', `${day}T12:00+01:00`];
    const { code, stdout } = await run([...argv, ...span, log]);
    const rows = stdout.split('\n').filter((one) => /^[\dt].* 503 /.test(one));
    expect(rows.map((row) => row.replace(/ +/g, ' ').replace(`${day} `, ''))).toEqual([
      '06:00 503 6 6 0',
      '07:00 503 6 5 -1',
      '08:00 503 6 0 -6',
      '09:00 503 6 13 +7',
      'total 503 24 24 0',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Prometheus has no sample of ${day} 09:00 (1 such hours)`);
    const narrow = await run([...argv, '--since', `${day}T07:00`, '--until', `${day}T08:00`, log]);
    expect([narrow.code, narrow.stdout]).toEqual([
      1,
      expect.stringContaining('different: 1 in the file and not'),
    ]);
    await prometheus.stop();
    rmSync(folder, { recursive: true });
  });
});
