import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Ledger } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import type { Gateway } from './gateways/gateway.js';
import { startHaproxy } from './gateways/haproxy.js';
import { startScript, type Child } from './harness/child.js';
import { CLAIM_BOUNDS } from './harness/claim-bounds.js';
import { freePort } from './harness/free-port.js';
import { describeWith } from './harness/programs.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /x HTTP/1.1" 503 12 "-" "curl"\n';
const LINES_PER_BATCH = 20;
const SENDERS = 8;
const BETWEEN_BATCHES_MS = 10;
const PATIENTLY = { timeoutMs: 30_000 };
const IN_ORDER = { code: 0, signal: null };

/**
 * It asks four times a second and believes the first answer, so that a notice of two seconds is enough; a slow answer is
 * no answer yet, since a machine that is busy with other tests is slow.
 */
const balanced = (servers: readonly number[]) => `
frontend senders
  bind 127.0.0.1:{port}
  timeout client 30s
  default_backend ingest
backend ingest
  timeout server 30s
  timeout check 5s
  option httpchk GET /readyz
  default-server check inter 250ms fall 1 rise 1
${servers.map((port, i) => `  server ingest${i} 127.0.0.1:${port}`).join('\n')}
`;

/** Sends batch after batch over connections that it keeps, and repeats nothing. */
class Senders {
  sent = 0;
  /** Whatever was not answered with 202. */
  readonly failures: string[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  private over = false;
  private readonly all: Promise<unknown>;

  constructor(private readonly url: string) {
    this.all = Promise.all(Array.from({ length: SENDERS }, () => this.send()));
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.all;
    this.agent.destroy();
  }

  private async send(): Promise<void> {
    while (!this.over) {
      const answer = await this.post(LINE.repeat(LINES_PER_BATCH));
      if (answer === '202') this.sent += LINES_PER_BATCH;
      else this.failures.push(answer);
      await pause(BETWEEN_BATCHES_MS);
    }
  }

  private post(body: string): Promise<string> {
    return new Promise((resolve) => {
      request(this.url, { method: 'POST', agent: this.agent }, (answer) => {
        answer.resume().on('end', () => resolve(String(answer.statusCode)));
      })
        .on('error', ({ message }) => resolve(message))
        .end(body);
    });
  }
}

await describeWith(['haproxy'], 'a rolling restart of ingest and worker under load', () => {
  let redis: RunningRedis;
  let haproxy: Gateway;
  const running: Child[] = [];

  async function start(app: 'ingest' | 'worker', port: number): Promise<Child> {
    const settings = writeSettings(redis.url, {
      sources: { default: { format: 'combined' } },
      [app]: { listen: { port } },
      shutdown: { notice: '2s' },
    });
    const child = startScript(`dist/apps/${app}/src/main.js`, [], { env: { STATUSLENS_CONFIG: settings } });
    running.push(child);
    const [, url] = await child.line(/(http:\/\/[^/]+)/, PATIENTLY);
    await until(`${app} is ready`, async () => (await fetch(`${url}/readyz`)).ok, PATIENTLY);
    return child;
  }

  beforeAll(async () => (redis = await startRedis()));
  afterAll(async () => {
    await haproxy?.stop();
    await Promise.all(running.map((child) => child.kill('SIGKILL')));
    await redis.stop();
  });

  it('drops no request and counts every line once', async () => {
    const ports = [await freePort(), await freePort()];
    const ingests = await Promise.all(ports.map((port) => start('ingest', port)));
    const workers = await Promise.all([start('worker', 0), start('worker', 0)]);
    haproxy = await startHaproxy(({ port }) => balanced(ports).replace('{port}', String(port)));
    const url = `http://127.0.0.1:${haproxy.port}/ingest/default`;
    await until('both are behind the balancer', async () => (await fetch(url, { method: 'HEAD' })).ok);

    const senders = new Senders(url);
    const sentMore = async (): Promise<void> => {
      const before = senders.sent;
      await until('more is sent', () => senders.sent >= before + 10 * LINES_PER_BATCH);
    };
    for (const [i, port] of ports.entries()) {
      await sentMore();
      // a port has one owner: the old one goes first
      expect(await ingests[i]!.kill('SIGTERM')).toEqual(IN_ORDER);
      await sentMore();
      await start('ingest', port);
      await start('worker', 0);
      expect(await workers[i]!.kill('SIGTERM')).toEqual(IN_ORDER);
    }
    await sentMore();
    await senders.stop();
    expect(senders.failures).toEqual([]);

    const client = connectPatiently({ url: redis.url });
    const ledger = new Ledger(client, new Keys(), CLAIM_BOUNDS);
    const counter = async (field: string): Promise<number> => (await ledger.read()).get(field) ?? 0;
    await until(
      'all is counted',
      async () => (await counter('lines|default|classified')) >= senders.sent,
      PATIENTLY,
    );
    expect(await counter('lines|default|classified')).toBe(senders.sent);
    expect(await counter('batches|default|committed')).toBe(await counter('batches|default|accepted'));
    expect(await counter('batches|default|dead')).toBe(0);
    client.disconnect();
  }, 120_000);
});
