import { Queue } from 'bullmq';
import { BATCH_QUEUE, type LogBatch } from '#batches';
import { Ledger } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import { startIngest } from '../apps/ingest/src/start.js';
import { startScript, type Child } from './harness/child.js';
import { CLAIM_BOUNDS } from './harness/claim-bounds.js';
import { Conversation } from './harness/conversation.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { settingsFor, writeSettings } from './harness/settings.js';
import { startTcpProxy, type TcpProxy } from './harness/tcp-proxy.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /x HTTP/1.1" 503 12 "-" "curl"\n';
const SOURCES = { sources: { default: { format: 'combined' } } };
const IN_ORDER = { code: 0, signal: null };
const STARTS = { timeoutMs: 20_000 };

/** Part of what the commit of these batches sends. */
const COMMITTING = 'lines|default|classified';

describe('SIGTERM', () => {
  const keys = new Keys();
  let redis: RunningRedis;
  const processes: Child[] = [];
  let proxy: TcpProxy | undefined;

  async function start(app: string, overrides: object = {}, url = redis.url): Promise<[Child, string]> {
    const env = { STATUSLENS_CONFIG: writeSettings(url, { ...SOURCES, ...overrides }) };
    const child = startScript(`dist/apps/${app}/src/main.js`, [], { env });
    processes.push(child);
    return [child, (await child.line(/(http:\/\/[^/]+)/, STARTS))[1]!];
  }
  /** Sends batches of one line through an ingest of this process. */
  async function send(batches: number): Promise<void> {
    const ingest = await startIngest(settingsFor(redis.url, SOURCES), { processMetrics: false });
    const url = await ingest.getUrl();
    await until('it is ready', async () => (await readiness(url)).includes('"ready"'));
    const post = (i: number) =>
      // with a key, so that it stays a batch of its own
      fetch(`${url}/ingest/default`, { method: 'POST', body: LINE, headers: { 'idempotency-key': `${i}` } });
    await Promise.all(Array.from({ length: batches }, (_, i) => post(i)));
    await ingest.close();
  }
  const term = (child: Child): void => void process.kill(child.pid, 'SIGTERM');
  const readiness = async (url: string): Promise<string> => (await fetch(`${url}/readyz`)).text();
  const post = (headers = ''): string =>
    `POST /ingest/default HTTP/1.1\r\nhost: x\r\ncontent-length: ${LINE.length}\r\n${headers}\r\n`;

  beforeEach(async () => (redis = await startRedis()));
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((child) => child.kill('SIGKILL')));
    await proxy?.close();
    proxy = undefined;
    await redis.stop();
  });

  it('makes ingest say that it goes, answer everybody who has not heard, and end', async () => {
    const [ingest, url] = await start('ingest', { shutdown: { notice: '1s' } });
    await until('it is ready', async () => (await readiness(url)).includes('"ready"'));
    const silent = await Conversation.with(url);
    const idle = await Conversation.with(url);
    expect(await idle.healthz()).toBe(true);
    const slow = await Conversation.with(url);
    slow.write(post() + LINE.slice(0, 20));
    term(ingest);
    await until('it says so', async () => (await readiness(url)).includes('"ending"'));
    idle.write(post() + LINE);
    await until('who comes late is answered', () => idle.text.includes('202 Accepted'));
    expect(idle.text.toLowerCase()).toContain('connection: close');
    await until('it listens no more', () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
    slow.write(LINE.slice(20));
    await until('who was slow is answered', () => slow.text.includes('202 Accepted'));
    expect(slow.text.toLowerCase()).toContain('connection: close');
    expect(await ingest.exited).toEqual(IN_ORDER);
    expect(ingest.stderr).not.toContain('shutdown.deadline');
    for (const one of [silent, idle, slow]) one.end();
  });

  it('lets a worker finish what it holds, and take nothing more', async () => {
    proxy = await startTcpProxy(redis.port);
    proxy.delay(150);
    const [worker] = await start(
      'worker',
      { worker: { listen: { port: 0 }, concurrency: 1 } },
      `redis://127.0.0.1:${proxy.port}`,
    );
    const client = connectPatiently({ url: redis.url });
    const queue = new Queue<LogBatch>(BATCH_QUEUE, { connection: client, prefix: keys.queuePrefix });
    await send(20);
    await until('a batch is being worked on', async () => (await queue.getActiveCount()) === 1);
    term(worker);
    expect(await worker.exited).toEqual(IN_ORDER);
    const counts = await queue.getJobCounts('active', 'waiting', 'failed', 'delayed');
    const counted = await new Ledger(client, keys, CLAIM_BOUNDS).read();
    const classified = counted.get('lines|default|classified') ?? 0;
    expect(counts).toEqual({ active: 0, waiting: 20 - classified, failed: 0, delayed: 0 });
    expect(classified).toBeGreaterThan(0);
    expect(classified).toBeLessThan(20);
    await queue.close();
    client.disconnect();
  });

  it('ends a worker that cannot finish after the deadline, and the batch counts once elsewhere', async () => {
    proxy = await startTcpProxy(redis.port);
    proxy.holdBefore(COMMITTING);
    const [stuck] = await start(
      'worker',
      { shutdown: { notice: '0s', deadline: '300ms' } },
      `redis://127.0.0.1:${proxy.port}`,
    );
    await send(1);
    await proxy.held;
    term(stuck);
    expect(await stuck.exited).toEqual(IN_ORDER);
    expect(stuck.stderr).toContain('statuslens ends after 0.3 s (shutdown.deadline) with work left');
    await start('worker');
    const client = connectPatiently({ url: redis.url });
    const ledger = new Ledger(client, keys, CLAIM_BOUNDS);
    await until('it is counted', async () => (await ledger.read()).get('lines|default|classified') === 1);
    client.disconnect();
  });

  it('ends an exporter at once; twice ends anything at once; SIGINT gives no notice', async () => {
    const patient = { shutdown: { notice: '10s' } };
    const [[hurried, url], [interrupted], [exporter]] = await Promise.all([
      start('ingest', patient),
      start('ingest', patient),
      start('exporter', patient),
    ]);
    term(hurried);
    await until('it has heard', async () => (await readiness(url)).includes('"ending"'));
    term(hurried);
    expect((await hurried.exited).code).toBe(143);
    expect(await interrupted.kill('SIGINT')).toEqual(IN_ORDER);
    expect(await exporter.kill('SIGTERM')).toEqual(IN_ORDER);
  });
});
