import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { LiveSettings } from '#settings';
import { statuslens as command } from './harness/command-line.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { startApps, total, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';
const PASSWORD = 'hunter2';
/** One file for all processes, which differ in their environment alone. */
const SHARED = {
  username: { env: 'REDIS_USERNAME' },
  password: { env: 'REDIS_PASSWORD' },
};

describe('users of deploy/redis/users.acl', () => {
  let folder: string;
  let redis: RunningRedis;
  let admin: Redis;
  let config: string;
  let running: RunningStatuslens | undefined;

  const environmentOf = (user: string, password = PASSWORD) => ({
    REDIS_USERNAME: user,
    REDIS_PASSWORD: password,
  });
  const settingsOf = (user: string, password?: string): LiveSettings =>
    new LiveSettings(config, environmentOf(user, password));
  const clientOf = (user: string): Redis =>
    new Redis({ port: redis.port, username: user, password: PASSWORD, enableReadyCheck: false });
  const ours = () => ({
    ingest: settingsOf('statuslens-ingest'),
    worker: settingsOf('statuslens-worker'),
    exporter: settingsOf('statuslens-exporter'),
  });
  const cli = (...args: string[]) =>
    command([...args, '--config', config], { environment: environmentOf('statuslens-cli') });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'statuslens-users-'));
    const users = readFileSync('deploy/redis/users.acl', 'utf8');
    const file = join(folder, 'users.acl');
    writeFileSync(file, users.replace(/ on resetpass/g, ` on >${PASSWORD}`));
    redis = await startRedis({ appendonly: true, args: ['--aclfile', file] });
    admin = clientOf('admin');
    await admin.acl('LOG', 'RESET'); // whether it was up, has been asked without a user
    config = writeSettings(redis.url, {
      redis: { url: redis.url, ...SHARED },
      ingest: { listen: { port: 0 }, queue: { max_age: '1h' } },
      sources: { default: { format: 'combined' } },
    });
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  it('may do all that each process and the commands do', async () => {
    running = await startApps(ours());
    for (const [body, headers] of [
      [LINE, {}],
      [LINE, { 'idempotency-key': 'a' }],
      [LINE, { 'idempotency-key': 'a' }],
      ['no line\n', {}],
      [gzipSync(LINE).subarray(0, 30), { 'content-encoding': 'gzip' }],
      [gzipSync(LINE).subarray(0, 20), { 'content-encoding': 'gzip', 'idempotency-key': 'b' }],
    ] as const)
      expect((await running.send('default', body as string, headers as Record<string, string>)).status).toBe(
        202,
      );
    await until('all have come to their end', async () => {
      const seen = await running!.metrics();
      return total(seen, 'statuslens_batches_total', '"dead"') === 2 && seen;
    });
    const seen = await running.counted(3);
    expect(total(seen, 'statuslens_requests_total')).toBe(2);
    await until('callers are followed', async () =>
      total(await running!.metrics(), 'statuslens_conduct_settled_timestamp_seconds'),
    );
    expect((await cli('suspects')).stdout).toContain('no write');
    expect((await cli('rejected')).stdout).toContain('1 line rejected');
    expect((await cli('rejected', '--drop')).stdout).toContain('dropped 1 line');
    const listed = (await cli('dead', 'list', '--json')).stdout.trim().split('\n');
    expect(listed).toHaveLength(2);
    const [first, second] = listed.map((line) => (JSON.parse(line) as { id: string }).id) as [string, string];
    expect((await cli('dead', 'show', first)).stdout).toContain('unreadable_gzip');
    expect((await cli('dead', 'replay', first)).stdout).toContain('1 batch replayed');
    expect((await cli('dead', 'drop', second)).stdout).toContain('1 batch dropped');
    await until(
      'the replay has died, too',
      async () => total(await running!.metrics(), 'statuslens_batches_total', '"dead"') === 3,
    );
    expect(await admin.acl('LOG')).toEqual([]);
  });

  it.each([
    ['SET', '{sl0}:ledger', '1'],
    ['HINCRBY', '{sl0}:ledger', 'x', '1'],
    ['DEL', '{sl0}:ledger'],
    ['EVAL', 'return 1', '0'],
    ['EVAL_RO', 'return 1', '0'],
    ['GET', '{sl0}:payload:x'],
    ['KEYS', '*'],
    ['CONFIG', 'GET', '*'],
    ['FLUSHALL'],
  ])('the exporter may not %s %s', async (name, ...args) => {
    const client = clientOf('statuslens-exporter');
    await expect(client.call(name, ...args)).rejects.toThrow('NOPERM');
    client.disconnect();
  });

  it('a strange process can find out that Redis is there, and no more', async () => {
    const client = new Redis({ port: redis.port, enableReadyCheck: false });
    expect(await client.ping()).toBe('PONG');
    await expect(client.hgetall('{sl0}:ledger')).rejects.toThrow('NOPERM');
    client.disconnect();
  });

  const readiness = async (app: 'ingest' | 'worker' | 'exporter') => {
    const answer = await fetch(`${running![app]}/readyz`);
    return { status: answer.status, body: await answer.text() };
  };

  it('each process says what its user may not do, and which password is wrong', async () => {
    running = await startApps(
      {
        ingest: settingsOf('statuslens-exporter'),
        worker: settingsOf('statuslens-worker', 's3cret'),
        exporter: settingsOf('default', 's3cret'),
      },
      false,
    );
    const saying = (app: 'ingest' | 'worker' | 'exporter', text: string) =>
      until(`${app} says ${text}`, async () => {
        const { status, body } = await readiness(app);
        return status === 503 && body.includes(text) && !body.includes('s3cret');
      });
    await saying('ingest', 'NOPERM');
    await saying('worker', 'WRONGPASS');
    await saying('exporter', 'NOPERM');
    const refused = await running.send('default', LINE);
    expect(refused.status).toBe(503);
    const { stderr } = await command(['dead', 'list', '--config', config], {
      environment: { STATUSLENS_REDIS_URL: `redis://statuslens-cli:s3cret@127.0.0.1:${redis.port}/0` },
    });
    expect(stderr).toContain(`cannot reach Redis at redis://127.0.0.1:${redis.port}/0: WRONGPASS`);
    expect(stderr).not.toContain('s3cret');
  });

  it('where INFO is forbidden, all goes on, and what Redis promises is unknown', async () => {
    for (const app of ['ingest', 'worker', 'exporter'])
      await admin.acl('SETUSER', `statuslens-${app}`, '-info');
    running = await startApps(ours());
    const before = total(await running.metrics(), 'statuslens_lines_total');
    expect((await running.send('default', LINE)).status).toBe(202);
    const seen = await running.counted(before + 1);
    expect([...seen.keys()].filter((name) => name.startsWith('statuslens_redis_'))).toEqual([]);
  });
});
