import { createHmac } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { connectPatiently } from '#redis';
import { startScript, type Child } from './harness/child.js';
import { statuslens as cli } from './harness/command-line.js';
import { appendOnlyContents, redisContents } from './harness/redis-contents.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { until } from './harness/until.js';

const KEY = 'f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f';

/** What senders' lines are full of and nobody may find. */
const SECRETS = {
  address: '203.0.113.77',
  user: 'jane.roe-plant',
  agent: 'PlantedAgent',
  token: 'plantedtoken4711',
  value: 'plantedvalue',
  cookie: 'plantedcookie',
  segment: 'plantedsegment',
  host: 'plantedhost',
  referer: 'plantedreferer',
  requestId: 'plantedrequest',
  device: 'planted%20device',
} as const;
const { address, user, agent, token, value, cookie, segment, host, referer, requestId, device } = SECRETS;
const PATH = `/openidm/managed/user/${segment}?_queryFilter=${value}&access_token=${token}`;

const COMBINED =
  `${address} - ${user} [21/Nov/2026:07:39:17 +0000] "GET ${PATH} HTTP/1.1" 503 12 ` +
  `"https://${referer}/" "${agent}"`;
const OBJECT = JSON.stringify({
  time: '2026-11-21T07:39:17+00:00',
  remote_addr: address,
  remote_user: user,
  host: `${host}.example`,
  request_method: 'GET',
  request_uri: `/ConfigurationManager/v1/objects/storages/${device}/${segment}?token=${token}`,
  http_cookie: `session=${cookie}`,
  http_user_agent: agent,
  request_id: requestId,
  status: '503',
  upstream_status: '503',
  upstream_header_time: '0.001',
});
const IGNORED = COMBINED.replace(address, '198.51.100.9');
const BROKEN = [`{"remote_user":"${user}","status":`, `${address} ${token} ${cookie}`, `"${value}\0${host}"`];
const TEXT = [COMBINED, IGNORED, ...BROKEN, COMBINED, COMBINED, ''].join('\n');
const OBJECTS = [OBJECT, OBJECT, BROKEN[0], OBJECT, ''].join('\n');
const LINES = 3 * 7 + 4;

/** `token=planted...` in gzip that is cut off. */
const DAMAGED = gzipSync(TEXT.repeat(20)).subarray(0, 100);

const source = (more: object) => ({
  consumers: [{ name: 'storage team', user: 'nobody-like-this' }],
  ignore: [{ address: '198.51.100.0/24' }],
  ...more,
});

/** The tests go on from one another, so that each program starts once. */
describe('privacy', () => {
  let redis: RunningRedis;
  let client: ReturnType<typeof connectPatiently>;
  let config: string;
  const apps = new Map<string, Child>();
  const origins: Record<string, string> = {};

  beforeAll(async () => {
    redis = await startRedis({ appendonly: true });
    client = connectPatiently({ url: redis.url });
    config = writeSettings(redis.url, {
      privacy: { key: KEY },
      sources: {
        strict: source({ privacy: 'strict' }),
        open: source({ privacy: 'pass_through' }),
      },
    });
    await start('ingest', /(http:\S+?)\/ingest/);
  });
  afterAll(async () => {
    await Promise.all([...apps.values()].map((app) => app.kill('SIGTERM')));
    client.disconnect();
    await redis.stop();
  });

  async function start(app: string, listening: RegExp): Promise<void> {
    const child = startScript(`dist/apps/${app}/src/main.js`, [], { env: { STATUSLENS_CONFIG: config } });
    apps.set(app, child);
    const origin = (await child.line(listening))[1]!;
    await until(`${app} is ready`, async () => (await fetch(`${origin}/readyz`)).ok);
    origins[app] = origin;
  }
  const send = (name: string, body: string | Buffer, encoding?: string): Promise<Response> =>
    fetch(`${origins['ingest']}/ingest/${name}?note=${encodeURIComponent(value)}`, {
      method: 'POST',
      body,
      headers: {
        'idempotency-key': `${token}-${encoding ?? 'identity'}-${body.length}`,
        cookie: `session=${cookie}`,
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
    });
  const page = async (app: string): Promise<string> => (await fetch(`${origins[app]}/metrics`)).text();
  const found = (text: Buffer | string): string[] =>
    Object.values(SECRETS).filter((secret) => text.includes(secret));

  async function sendEverything(name: string): Promise<number[]> {
    const answers = [
      await send(name, TEXT),
      await send(name, gzipSync(TEXT), 'gzip'),
      await send(name, deflateSync(TEXT), 'deflate'),
      await send(name, OBJECTS),
      await send(name, DAMAGED, 'gzip'),
      await send(name, Buffer.from(`${token}\0\0\0\0\0\0\0\0\0\0\0\0`), undefined),
    ];
    return answers.map(({ status }) => status);
  }

  async function countEverything(): Promise<string> {
    await start('worker', /(http:\S+?)\/readyz/);
    await start('exporter', /(http:\S+?)\/metrics/);
    const lines = /^statuslens_lines_total\{source="strict",outcome="\w+"\} (\d+)$/gm;
    return until('all lines are counted', async () => {
      const shown = await page('exporter');
      const sum = [...shown.matchAll(lines)].reduce((total, [, count]) => total + Number(count), 0);
      return sum === LINES ? shown : undefined;
    });
  }

  const commands = async (...names: string[]): Promise<string> => {
    const ran = await Promise.all(names.map((name) => cli([...name.split(' '), '--config', config])));
    return ran.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  };

  it('strict: no secret is anywhere, neither before its line is counted nor after', async () => {
    expect(await sendEverything('strict')).toEqual([202, 202, 202, 202, 422, 422]);
    const hash = createHmac('sha256', KEY).update(`strict\0${user}`).digest('hex').slice(0, 16);
    const queued = await redisContents(client);
    expect(found(queued)).toEqual([]);
    expect(queued.includes(`=${hash}`)).toBe(true);
    expect(queued.includes('/openidm/managed/{}/{}?_queryfilter')).toBe(true);

    const shown = await countEverything();
    expect(shown).toMatch(/statuslens_lines_total\{source="strict",outcome="ignored"\} 3\n/);
    expect(shown).toMatch(/statuslens_lines_total\{source="strict",outcome="rejected"\} 10\n/);
    expect(found(shown)).toEqual([]);
    expect(found(await redisContents(client))).toEqual([]);
    expect(found(await appendOnlyContents(redis.dir))).toEqual([]);
    expect(found(`${await page('ingest')}${await page('worker')}`)).toEqual([]);
    expect(found([...apps.values()].map(({ output }) => output).join(''))).toEqual([]);
    const said = await commands('rejected', 'rejected --json', 'dead list');
    expect(said).toContain('{"aaaaaaxaaaa":"aaaa.aaa-aaaaa","aaaaaa":');
    expect(found(said)).toEqual([]);
  });

  it('pass_through: the same search finds them, in Redis and in its append-only file', async () => {
    await apps.get('worker')!.kill('SIGTERM');
    expect(await sendEverything('open')).toEqual([202, 202, 202, 202, 202, 422]);
    expect(found(await redisContents(client))).toEqual(Object.values(SECRETS));
    expect(found(await appendOnlyContents(redis.dir))).toEqual(Object.values(SECRETS));
  });

  it('strict: a large body neither holds up others nor takes memory by what it inflates to', async () => {
    const line = `${OBJECT.slice(0, -1)},"more":"${'x'.repeat(4000)}"}\n`;
    const large = gzipSync(Buffer.from(line.repeat(20_000)), { level: 1 }); // 90 MB
    const resident = async (): Promise<number> =>
      Number(/^process_resident_memory_bytes (\d+)/m.exec(await page('ingest'))![1]);
    await send('strict', OBJECT);
    const before = await resident();
    let answered: Response | undefined;
    const sending = send('strict', large, 'gzip').then((answer) => (answered = answer));
    let ready = 0;
    let most = 0;
    while (!answered) {
      ready += Number((await fetch(`${origins['ingest']}/readyz`)).ok);
      most = Math.max(most, await resident());
    }
    await sending;
    expect(answered.status).toBe(202);
    expect(ready).toBeGreaterThan(10);
    expect(most - before).toBeLessThan(60 * 1024 ** 2);
  });
});
