import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { startExporter } from '../apps/exporter/src/start.js';
import { type Child, startScript } from './harness/child.js';
import { Conversation } from './harness/conversation.js';
import { startRedis, type RedisOptions, type RunningRedis } from './harness/redis.js';
import { settingsFor, writeSettings } from './harness/settings.js';
import { until } from './harness/until.js';

const MIB = 1024 ** 2;
const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';
const SOURCES = { noisy: {}, second: {}, quiet: {} };

const linesOf = (bytes: number): string => LINE.repeat(Math.floor(bytes / LINE.length));

/** Stored as it is: it says that it is compressed, though nothing of it became smaller. */
const bodyOf = (bytes: number): Buffer => gzipSync(linesOf(bytes - 100), { level: 0 });

/** Lines of which three quarters are left when they are compressed. */
const noiseOf = (bytes: number): string =>
  Array.from({ length: Math.floor(bytes / 1024) }, () =>
    LINE.replace('/x', `/${randomBytes(700).toString('base64url')}`),
  ).join('');

interface Answer {
  readonly status: number;
  readonly retryAfter: number;
  readonly error: string | undefined;
}

describe('ingest under more than the workers count', () => {
  let redis: RunningRedis;
  let ingest: Child;
  let url: string;
  let overrides: object;
  let exporter: NestFastifyApplication | undefined;
  const processes: Child[] = [];

  function run(app: 'ingest' | 'worker'): Child {
    const process = startScript(`dist/apps/${app}/src/main.js`, [], {
      env: { STATUSLENS_CONFIG: writeSettings(redis.url, overrides) },
    });
    processes.push(process);
    return process;
  }

  /** Ingest in a process of its own, and no worker. */
  async function start(limits: object, redisOptions: RedisOptions = {}): Promise<void> {
    redis = await startRedis(redisOptions);
    overrides = { sources: SOURCES, ingest: { listen: { port: 0 }, ...limits } };
    ingest = run('ingest');
    const [, origin] = await ingest.line(/send logs to (http:\S+)\/ingest/);
    url = origin!;
    await until('ingest is ready', async () => (await fetch(`${url}/readyz`)).ok);
  }

  afterEach(async () => {
    await exporter?.close();
    exporter = undefined;
    await Promise.all(processes.splice(0).map((process) => process.kill()));
    await redis.stop();
  });

  async function send(source: string, body: string | Buffer): Promise<Answer> {
    const answer = await fetch(`${url}/ingest/${source}`, { method: 'POST', body });
    const { error } = (await answer.json()) as { error?: string };
    return { status: answer.status, error, retryAfter: Number(answer.headers.get('retry-after')) };
  }

  /** @returns how many bodies were taken before the first that was not */
  async function fill(source: string, body: Buffer): Promise<number> {
    for (let taken = 0; ; taken++) {
      const answer = await send(source, body);
      if (answer.status === 202) continue;
      expect(answer).toMatchObject({ status: 503, error: 'overloaded' });
      expect(answer.retryAfter).toBeGreaterThanOrEqual(1);
      expect(answer.retryAfter).toBeLessThanOrEqual(5);
      return taken;
    }
  }

  const drain = (): void => void run('worker');

  async function exported(): Promise<string> {
    exporter = await startExporter(settingsFor(redis.url, overrides));
    const origin = await exporter.getUrl();
    return until('the exporter is ready', async () => {
      const answer = await fetch(`${origin}/metrics`);
      const page = await answer.text();
      return answer.ok ? page : undefined;
    });
  }

  /** Megabytes that the process takes. */
  async function memory(): Promise<number> {
    const page = await (await fetch(`${url}/metrics`)).text();
    return Number(page.match(/^process_resident_memory_bytes (\S+)/m)![1]) / MIB;
  }

  it('refuses the noisy at their share and everybody at the mark, until workers have drained', async () => {
    await start({ max_body: '1MiB', queue: { max_bytes: '6MiB' } });
    const body = bodyOf(MIB / 4);
    const noisy = await fill('noisy', body);
    expect(noisy).toBeGreaterThanOrEqual(12);
    expect(noisy).toBeLessThanOrEqual(13);
    expect(await send('quiet', LINE)).toMatchObject({ status: 202, error: undefined });
    const taken = noisy + (await fill('second', body)) + (await fill('quiet', body));
    expect(taken).toBeGreaterThanOrEqual(24);
    expect(taken).toBeLessThanOrEqual(25);
    for (const source of Object.keys(SOURCES)) expect((await send(source, LINE)).status).toBe(503);
    const page = await exported();
    expect(page).toMatch(`statuslens_queue_limit_bytes ${6 * MIB}\n`);
    expect(page).toMatch(`statuslens_queue_bytes ${taken * body.length + LINE.length}\n`);
    drain();
    for (const source of Object.keys(SOURCES))
      await until(`${source} is let in again`, async () => (await send(source, body)).status === 202);
  });

  it('stops at about 60 % of the maxmemory of Redis', async () => {
    await start({}, { args: ['--maxmemory', '40mb'] });
    const senders = Object.keys(SOURCES).map((source) => fill(source, bodyOf(MIB / 4)));
    await Promise.all(senders);
    const client = new Redis(redis.url);
    const used = Number((await client.info('memory')).match(/used_memory:(\d+)/)![1]);
    client.disconnect();
    expect(used / MIB).toBeGreaterThan(12);
    expect(used / MIB).toBeLessThan(28);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it('refuses while the oldest batch is older than max_age', async () => {
    await start({ queue: { max_age: '1s' } });
    expect((await send('noisy', LINE)).status).toBe(202);
    await until('the batch is too old', async () => (await send('quiet', LINE)).status === 503);
    drain();
    await until('all are let in again', async () => (await send('quiet', LINE)).status === 202);
  });

  it('takes no more memory however much is offered', async () => {
    await start({ max_inflight: '16MiB', queue: { max_bytes: '16MiB' } });
    const body = noiseOf(MIB);
    const before = await memory();
    let peak = before;
    const answers = new Map<number, number>();
    const sender = async (i: number): Promise<void> => {
      for (let sent = 0; sent < 24; sent++) {
        const { status } = await send(Object.keys(SOURCES)[i % 3]!, body);
        answers.set(status, (answers.get(status) ?? 0) + 1);
        peak = Math.max(peak, await memory());
      }
    };
    await Promise.all(Array.from({ length: 24 }, (_, i) => sender(i)));
    expect([...answers.keys()].sort()).toEqual([202, 503]);
    expect(answers.get(202)).toBeLessThanOrEqual(24);
    expect(peak - before).toBeLessThan(120);
  });

  describe('with many slow uploads', () => {
    const conversations: Conversation[] = [];
    const open = async (): Promise<Conversation> => {
      const conversation = await Conversation.with(url);
      conversations.push(conversation);
      return conversation;
    };
    afterEach(() => conversations.splice(0).forEach((conversation) => conversation.end()));

    it('holds no more than max_inflight, and refuses the others on connections that stay usable', async () => {
      await start({ max_body: '1MiB', max_inflight: '8MiB' });
      const before = await memory();
      const uploads = await Promise.all(Array.from({ length: 100 }, open));
      for (const upload of uploads)
        upload.write(`POST /ingest/noisy HTTP/1.1\r\nhost: x\r\ncontent-length: ${MIB}\r\n\r\n${LINE}`);
      await until(
        'the noisy one has its share',
        () => uploads.filter(({ text }) => text !== '').length === 96,
      );
      const refused = uploads.filter(({ text }) => text !== '');
      for (const { text } of refused) expect(text).toMatch(/^HTTP\/1.1 503 [^]*retry-after: 3[^]*overloaded/);
      expect((await send('quiet', linesOf(MIB / 2))).status).toBe(202);
      for (const upload of refused) {
        upload.write(LINE.padEnd(2 * MIB).slice(LINE.length, MIB));
        expect(await upload.healthz()).toBe(true);
      }
      expect((await memory()) - before).toBeLessThan(100);
      for (const upload of uploads) upload.end();
      await until('what they held is free', async () => (await send('noisy', linesOf(MIB))).status === 202);
    });

    it('holds chunked bodies as they grow', async () => {
      // one that is left alone may grow to the largest body, which must not be all there is
      await start({ max_body: '4MiB', max_inflight: '8MiB' });
      const uploads = await Promise.all(Array.from({ length: 8 }, open));
      const chunk = `${(256 * 1024).toString(16)}\r\n${LINE.padEnd(256 * 1024)}\r\n`;
      for (const upload of uploads)
        upload.write('POST /ingest/noisy HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
      for (let i = 0; i < 8; i++) for (const upload of uploads) upload.write(chunk);
      await until('most are refused', () => uploads.filter(({ text }) => text.includes(' 503 ')).length >= 5);
      expect(await send('quiet', LINE)).toMatchObject({ status: 202, error: undefined });
      for (const upload of uploads) upload.write('0\r\n\r\n');
      for (const upload of uploads) expect(await upload.healthz()).toBe(true);
      expect(uploads.filter(({ text }) => text.includes(' 202 ')).length).toBeGreaterThanOrEqual(1);
    });
  });

  describe('says what Redis cannot promise', () => {
    it('in the log of ingest and as a metric', async () => {
      await start({}, { args: ['--maxmemory-policy', 'allkeys-lru'] });
      await ingest.line(/set maxmemory-policy to noeviction/);
      await ingest.line(/set appendonly to yes/);
      const page = await exported();
      expect(page).toMatch('statuslens_redis_promise{check="maxmemory_policy"} 0\n');
      expect(page).toMatch('statuslens_redis_promise{check="appendonly"} 0\n');
      expect(page).toMatch('statuslens_redis_promise{check="version"} 1\n');
    });

    it('and nothing where all is well, even if CONFIG is forbidden', async () => {
      await start({}, { appendonly: true, args: ['--rename-command', 'CONFIG', ''] });
      expect((await send('noisy', LINE)).status).toBe(202);
      const page = await exported();
      expect(page.match(/^statuslens_redis_promise\{.*\} 1$/gm)).toHaveLength(3);
      expect(ingest.output).not.toContain('WARN');
    });

    it('and nothing of what it does not tell', async () => {
      await start({}, { appendonly: true });
      const client = new Redis(redis.url);
      await client.call('ACL', 'SETUSER', 'default', '-info', '-config');
      client.disconnect();
      expect((await send('noisy', LINE)).status).toBe(202);
      expect((await send('quiet', LINE)).status).toBe(202);
    });
  });
});
