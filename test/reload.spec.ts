import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { startScript, type Child } from './harness/child.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';
const OLD = { format: 'combined', vendor: 'forgerock-crest' };
const APPS = { ingest: /send logs to (http:\S+)\/ingest/, worker: /(http:\S+)\/readyz/, exporter: /(http:\S+)\/metrics/ };
type App = keyof typeof APPS;

describe('settings that are changed while everything runs', () => {
  let redis: RunningRedis;
  let file: string;
  let base: object;
  const processes = {} as Record<App, Child>;
  const urls = {} as Record<App, string>;
  const each = Object.keys(APPS) as App[];

  beforeAll(async () => {
    redis = await startRedis();
    file = writeSettings(redis.url, { sources: { kept: OLD, leaving: OLD } });
    for (const app of each)
      processes[app] = startScript(`dist/apps/${app}/src/main.js`, [], { env: { STATUSLENS_CONFIG: file } });
    for (const app of each) urls[app] = (await processes[app].line(APPS[app]))[1]!;
  });
  afterAll(async () => {
    await Promise.all(each.map((app) => processes[app]?.kill('SIGKILL')));
    await redis.stop();
  });

  /** As an editor does: beside the file, then in its place. */
  function change(sources: object, more: object = {}): void {
    writeFileSync(`${file}.new`, stringify({ ...base, ...more, sources }));
    renameSync(`${file}.new`, file);
  }
});
