import { connectFailFast, isReady } from '#redis';
import { freePort } from './harness/free-port.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';
import { startTcpProxy } from './harness/tcp-proxy.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"';
const SOURCES = { sources: { default: { format: 'combined' } } };
const TOLD_WITHIN_MS = 2000;

it('what failed when the connection was cut is not done when it is back', async () => {
  const redis = await startRedis();
  const proxy = await startTcpProxy(redis.port);
  const client = connectFailFast({ url: `redis://127.0.0.1:${proxy.port}` });
  try {
    await until('it is connected', () => isReady(client));
    proxy.delay(500);
    const failing = expect(client.incr('n')).rejects.toThrow();
    await until('the command is under way', () => client.commandQueue.length > 0);
    proxy.cut();
    await failing;
    proxy.delay(0);
    await until('it is connected again', () => isReady(client));
    expect(await client.get('n')).toBeNull();
  } finally {
    client.disconnect();
    await proxy.close();
    await redis.stop();
  }
});

it.each([
  "READONLY You can't write against a read only replica.",
  "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write against a read only replica.",
])('a connection is left for where its address leads now, when it is told: %s', async (refusal) => {
  const redis = await startRedis();
  const client = connectFailFast({ url: redis.url });
  try {
    await until('it is connected', () => isReady(client));
    const before = await client.client('ID');
    await expect(client.eval('return redis.error_reply(ARGV[1])', 0, refusal)).rejects.toThrow('READONLY');
    await until('it is another connection', async () => (await client.client('ID')) !== before);
  } finally {
    client.disconnect();
    await redis.stop();
  }
});

describe('while Redis is away', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;

  const timed = async (
    answer: Promise<Response>,
  ): Promise<{ status: number; ms: number; body: string; retryAfter: string | null }> => {
    const start = performance.now();
    const { status, headers } = await answer;
    const body = await (await answer).text();
    return { status, body, ms: performance.now() - start, retryAfter: headers.get('retry-after') };
  };

  const states = async (): Promise<number[]> =>
    Promise.all(
      [statuslens.ingest, statuslens.worker, statuslens.exporter].map(
        async (app) => (await fetch(`${app}/readyz`)).status,
      ),
    );
  const everybody = (status: number) =>
    until(`everybody answers ${status}`, async () => (await states()).every((one) => one === status));

  async function tellsTheTruth(): Promise<void> {
    const answer = await timed(statuslens.send('default', LINE));
    expect(answer.status).toBe(503);
    expect(answer.ms).toBeLessThan(TOLD_WITHIN_MS);
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'unavailable' });
    expect((await timed(fetch(`${statuslens.exporter}/metrics`))).status).toBe(503);
    expect(await states()).toEqual([503, 503, 503]);
    for (const app of [statuslens.ingest, statuslens.worker, statuslens.exporter])
      expect((await fetch(`${app}/healthz`)).status).toBe(200);
  }

  afterEach(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  it('dead: senders are told 503 at once, and everything goes on when it is back', async () => {
    redis = await startRedis({ appendonly: true });
    statuslens = await startStatuslens(redis.url, SOURCES);
    await everybody(200);
    expect((await statuslens.send('default', LINE)).status).toBe(202);
    await redis.kill('SIGKILL');
    await everybody(503);
    await tellsTheTruth();
    redis = await startRedis({ appendonly: true, dir: redis.dir, port: redis.port });
    await everybody(200);
    expect((await statuslens.send('default', LINE)).status).toBe(202);
    await statuslens.counted(2);
  });

  it('hung: senders are told 503 within two seconds', async () => {
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, SOURCES);
    await everybody(200);
    process.kill(redis.pid, 'SIGSTOP');
    await tellsTheTruth();
    process.kill(redis.pid, 'SIGCONT');
    await everybody(200);
    expect((await statuslens.send('default', LINE)).status).toBe(202);
  });

  it('from the start: the processes come up, say so, and work once it is there', async () => {
    const port = await freePort();
    statuslens = await startStatuslens(`redis://127.0.0.1:${port}`, SOURCES, false);
    await tellsTheTruth();
    redis = await startRedis({ port });
    await everybody(200);
    expect((await statuslens.send('default', LINE)).status).toBe(202);
    await statuslens.counted(1);
  });
});
