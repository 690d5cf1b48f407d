import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startScript, type Child } from './harness/child.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { replaceSettings, writeSettings } from './harness/settings.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /x HTTP/1.1" 503 12 "-" "curl"\n';
const HERE = { timeoutMs: 20_000 };
const SUCCESSFUL = 'statuslens_config_last_reload_successful';
const source = (vendor: string, more: object = {}) => ({ format: 'combined', vendor, ...more });

interface Readiness {
  readonly status: string;
  readonly settings: { readonly not_in_force?: string[]; readonly need_restart?: string[] };
}

const page = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
const readiness = async (url: string): Promise<Readiness> =>
  (await (await fetch(`${url}/readyz`)).json()) as Readiness;

describe('settings that change while ingest, worker and exporter run', () => {
  let redis: RunningRedis;
  let file: string;
  let processes: Child[];
  let urls: string[];
  let ingest: string;
  let exporter: string;

  const change = (overrides: object): void => replaceSettings(file, redis.url, overrides);
  const send = (name: string, headers: Record<string, string> = {}): Promise<number> =>
    fetch(`${ingest}/ingest/${name}`, { method: 'POST', body: LINE, headers }).then(({ status }) => status);
  const shows = (sample: string) =>
    until(`the exporter shows ${sample}`, async () => (await page(exporter)).includes(`\n${sample}\n`));
  const everyApp = (what: string, holds: (url: string) => Promise<boolean>) =>
    until(`every app ${what}`, async () => (await Promise.all(urls.map(holds))).every(Boolean));

  beforeAll(async () => {
    redis = await startRedis();
    file = writeSettings(redis.url, {
      sources: { kept: source('huawei-cloud'), leaving: source('otc-dcs') },
    });
    const env = { STATUSLENS_CONFIG: file };
    processes = ['ingest', 'worker', 'exporter'].map((app) =>
      startScript(`dist/apps/${app}/src/main.js`, [], { env }),
    );
    const lines = await Promise.all(processes.map((child) => child.line(/(http:\/\/[^/]+)/, HERE)));
    urls = lines.map(([, url]) => url!);
    [ingest, , exporter] = urls as [string, string, string];
    await everyApp('is ready', async (url) => (await fetch(`${url}/readyz`)).ok);
  }, HERE.timeoutMs);
  afterAll(async () => {
    await Promise.all(processes.map((child) => child.kill('SIGKILL')));
    await redis.stop();
  });

  it('take a new source at once, read a changed one anew, and keep the counts of one that is gone', async () => {
    expect([await send('kept'), await send('leaving'), await send('fresh')]).toEqual([202, 202, 404]);
    await shows('statuslens_lines_total{source="leaving",outcome="classified"} 1');
    const counted = (await page(exporter))
      .split('\n')
      .filter((line) => /^statuslens_requests_total\{source="leaving",.* 1$/.test(line));
    change({ sources: { kept: source('forgerock-crest'), fresh: source('hitachi-opscenter-cm') } });
    await until('the new source is taken', async () => (await send('fresh')) === 202);
    await shows('statuslens_lines_total{source="fresh",outcome="rejected"} 0');
    await shows('statuslens_source_info{source="fresh"} 1');
    const after = await page(exporter);
    expect(after).not.toContain('statuslens_source_info{source="leaving"}');
    expect(counted).toHaveLength(1);
    expect(after.split('\n')).toEqual(expect.arrayContaining(counted));
    await processes[1]!.line(/^settings: in force now: source kept is changed, source leaving is gone, /);
    expect([await send('kept'), await send('leaving')]).toEqual([202, 404]);
    const judged = { code: '503', verdict: 'retryable_busy', reason: 'busy', responsible: 'service' };
    const labels = Object.entries({ source: 'kept', vendor: 'forgerock-crest', ...judged });
    const sample = labels.map(([name, value]) => `${name}="${value}"`).join(',');
    await until('the line is judged by the new document', async () =>
      (await page(exporter)).includes(`statuslens_requests_total{${sample},`),
    );
  });

  it('that cannot be used change nothing, and everybody says why', async () => {
    change({ sources: { kept: source('nobody') } });
    await everyApp('tells that the reload failed', async (url) =>
      (await page(url)).includes(`${SUCCESSFUL} 0\n`),
    );
    for (const url of urls) {
      const { status, settings } = await readiness(url);
      expect(status).toBe('ready');
      expect(settings.not_in_force).toEqual([
        expect.stringMatching(/statuslens\.yaml:\d+: source kept names/),
      ]);
    }
    for (const { stderr } of processes)
      expect(stderr.match(/source kept names the unknown vendor/g)).toHaveLength(1);
    expect(await send('kept')).toBe(202);
    change({ sources: { kept: source('huawei-cloud') } });
    await everyApp('is well again', async (url) => (await page(url)).includes(`${SUCCESSFUL} 1\n`));
    expect((await readiness(ingest)).settings).not.toHaveProperty('not_in_force');
  });

  it('are applied but for what needs a restart, which is named', async () => {
    change({ sources: { kept: source('huawei-cloud'), more: source('auto') }, worker: { lock: '9s' } });
    await everyApp('names what needs a restart', async (url) => {
      const { need_restart = [] } = (await readiness(url)).settings;
      return need_restart.includes('worker.lock') && need_restart.includes('worker.listen');
    });
    await processes[1]!.line(/^settings: worker.listen, worker.lock need a restart to change$/);
    expect(await send('more')).toBe(202);
  });

  it('include the secrets in files that they name', async () => {
    const token = join(dirname(file), 'token');
    const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
    writeFileSync(token, 'first');
    change({ sources: { kept: source('auto', { auth: { bearer: { file: 'token' } } }) } });
    await until('the secret is asked for', async () => (await send('kept')) === 401);
    expect(await send('kept', bearer('first'))).toBe(202);
    writeFileSync(token, 'second');
    await until('the new secret counts', async () => (await send('kept', bearer('second'))) === 202);
    expect(await send('kept', bearer('first'))).toBe(401);
  });
});

describe('settings of npm start', () => {
  it(
    'are read again on SIGHUP, which a closed terminal alone turns into an end',
    async () => {
      const redis = await startRedis();
      const file = writeSettings(redis.url);
      const standalone = startScript('dist/apps/standalone/src/main.js', [], {
        env: { STATUSLENS_CONFIG: file },
      });
      const [, ingest] = await standalone.line(/send logs .*(http:\/\/[^/]+)/, HERE);
      process.kill(standalone.pid, 'SIGHUP');
      await standalone.line(/^settings: read again, nothing is different$/);
      replaceSettings(file, redis.url, { sources: { other: {} } });
      await standalone.line(/^settings: in force now: source default is gone, source other is new$/);
      expect((await fetch(`${ingest}/ingest/other`, { method: 'HEAD' })).status).toBe(200);
      expect(await standalone.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      await redis.stop();
    },
    HERE.timeoutMs,
  );
});
