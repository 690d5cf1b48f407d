import { describeWith } from '../harness/programs.js';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { until } from '../harness/until.js';
import { FLUENTD, FLUENT_BIT, FakeForward, type ForwardQuirks } from './fake-forward.js';
import { FILEBEAT, FakeLumberjack, LOGSTASH, type LumberjackQuirks } from './fake-lumberjack.js';
import { Page, replaced } from './page.js';
import { startPageScript } from './page-script.js';

/** Lines of each client: half of them before Redis is killed, half while it is away. */
const LINES = 500;
const LINES_OF_A_CHUNK = 50;
const SHARED_KEY = 'a key of thirty-two characters!!';

interface Client {
  send(lines: readonly string[]): void;
  /** Resolves when everything is acknowledged. */
  end(): Promise<void>;
  /** How often something was sent again. */
  readonly repeats?: number;
  /** Answers that acknowledge nothing yet. */
  readonly keepAlives?: number;
}

/** Where the receivers listen. Through the proxies one answer of each connection gets lost. */
interface Ports {
  readonly forward: number;
  readonly keyed: number;
  readonly lossyForward: number;
  readonly lossyKeyed: number;
  readonly lossyLumberjack: number;
}
type Start = (ports: Ports, source: string) => Client;

const page =
  (holding: string, keyed: boolean, changes: Readonly<Record<string, string>> = {}): Start =>
  (ports, source) => {
    const code = replaced(new Page('fluent-loggers.md').block('js', holding), {
      'gateway.access': source,
      24224: String(keyed ? ports.keyed : ports.forward),
      ...changes,
    });
    const script = startPageScript(code, '', { moreInput: true });
    return {
      send: (lines) => void script.stdin.write(lines.map((line) => `${line}\n`).join('')),
      end: async () => {
        script.stdin.end();
        if ((await script.exited).code !== 0) throw new Error(`the script ended: ${script.output}`);
      },
    };
  };

const mode = (eventMode: string): Start =>
  page('@fluent-org/logger', false, { CompressedPackedForward: eventMode });

const forward =
  (quirks: ForwardQuirks, sharedKey?: string): Start =>
  (ports, tag) => {
    const port = sharedKey === undefined ? ports.lossyForward : ports.lossyKeyed;
    const client = new FakeForward(quirks, { port, tag, retries: Infinity, ...(sharedKey && { sharedKey }) });
    let last = Promise.resolve();
    return {
      send(lines) {
        for (let at = 0; at < lines.length; at += LINES_OF_A_CHUNK)
          last = last.then(() => client.send(lines.slice(at, at + LINES_OF_A_CHUNK)));
      },
      end: async () => {
        await last;
        client.close();
      },
      get repeats() {
        return client.repeats;
      },
    };
  };

const lumberjack =
  (quirks: LumberjackQuirks): Start =>
  (ports, source) => {
    const client = new FakeLumberjack(quirks, ports.lossyLumberjack, source);
    return {
      send(lines) {
        for (let at = 0; at < lines.length; at += LINES_OF_A_CHUNK)
          client.send(lines.slice(at, at + LINES_OF_A_CHUNK));
      },
      end: async () => {
        await client.done();
        client.close();
      },
      get repeats() {
        return client.reconnects;
      },
      get keepAlives() {
        return client.keepAlives;
      },
    };
  };

const CLIENTS: Readonly<Record<string, Start>> = {
  'fluent-org-message': mode('Message'),
  'fluent-org-forward': mode('Forward'),
  'fluent-org-packed': mode('PackedForward'),
  'fluent-org-compressed': page('@fluent-org/logger', false),
  'fluent-org-shared-key': page('@fluent-org/logger', true, {
    'flushInterval: 200': `flushInterval: 200, security: { clientHostname: 'web1', sharedKey: '${SHARED_KEY}' }`,
  }),
  'fluent-logger': page('fluent-logger', false),
  'fake-fluent-bit': forward(FLUENT_BIT),
  'fake-fluent-bit-shared-key': forward(FLUENT_BIT, SHARED_KEY),
  'fake-fluentd': forward(FLUENTD),
  'fake-fluentd-shared-key': forward(FLUENTD, SHARED_KEY),
  'fake-filebeat': lumberjack(FILEBEAT),
  'fake-logstash': lumberjack(LOGSTASH),
};
const NAMES = Object.keys(CLIENTS);

/** Events of Logstash do not say where they stand: only their bytes tell that they were sent again. */
const SETTINGS: Readonly<Record<string, object>> = { 'fake-logstash': { repeats: 'by_content' } };

const linesOf = (client: string): string[] =>
  Array.from(
    { length: LINES },
    (_, i) =>
      `10.0.0.1 - - [21/Nov/2026:06:07:42 +0000] "GET /openidm/${client}/${i} HTTP/1.1" 503 12 "-" "curl"`,
  );

await describeWith(['redis-server'], 'clients that wait for acknowledgements', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let keyed: RunningStatuslens;
  const proxies: TcpProxy[] = [];
  let seen: Map<string, number>;
  const clients = new Map<string, Client>();

  async function lossy(port: number): Promise<number> {
    const proxy = await startTcpProxy(port);
    proxies.push(proxy);
    return proxy.port;
  }

  async function open(): Promise<Ports> {
    const sources = Object.fromEntries(
      NAMES.map((name) => [name, { format: 'combined', ...SETTINGS[name] }]),
    );
    const settings = (forward: object) => ({
      ingest: {
        listen: { port: 0 },
        receivers: { forward: { port: 0, ...forward }, lumberjack: { port: 0 } },
      },
      sources,
    });
    statuslens = await startStatuslens(redis.url, settings({}));
    keyed = await startStatuslens(redis.url, settings({ shared_key: SHARED_KEY }));
    const ports = { forward: statuslens.receiver('forward').port, keyed: keyed.receiver('forward').port };
    return {
      ...ports,
      lossyForward: await lossy(ports.forward),
      lossyKeyed: await lossy(ports.keyed),
      lossyLumberjack: await lossy(statuslens.receiver('lumberjack').port),
    };
  }

  beforeAll(async () => {
    redis = await startRedis({ appendonly: true });
    const ports = await open();
    for (const [name, start] of Object.entries(CLIENTS)) clients.set(name, start(ports, name));
    for (const [name, client] of clients) client.send(linesOf(name).slice(0, LINES / 2));
    await until(
      'half of all lines are counted',
      async () => {
        seen = await statuslens.metrics();
        return total(seen, 'statuslens_lines_total') === (LINES / 2) * NAMES.length;
      },
      { timeoutMs: 25_000 },
    );
    await redis.kill('SIGKILL');
    await until(
      'nothing can be stored',
      async () => (await fetch(`${statuslens.ingest}/readyz`)).status === 503,
    );
    for (const [name, client] of clients) client.send(linesOf(name).slice(LINES / 2));
    await until(
      'clients wait and try again',
      () =>
        ['fake-fluentd', 'fake-fluent-bit'].every((name) => clients.get(name)!.repeats! > 1) &&
        clients.get('fake-filebeat')!.keepAlives! > 0,
    );
    for (const proxy of proxies) proxy.loseAnswers(2);
    redis = await startRedis({ appendonly: true, dir: redis.dir, port: redis.port });
    await Promise.all([...clients.values()].map((client) => client.end()));
    seen = await statuslens.counted(LINES * NAMES.length);
  }, 60_000);

  afterAll(async () => {
    for (const proxy of proxies) await proxy.close();
    await statuslens.stop();
    await keyed.stop();
    await redis.stop();
  });

  it.each(NAMES)('%s: each line counts exactly once', (name) => {
    expect(total(seen, 'statuslens_lines_total', `source="${name}"`)).toBe(LINES);
    expect(total(seen, 'statuslens_requests_total', `source="${name}"`, 'code="503"')).toBe(LINES);
  });

  it('what was sent again was recognised', () => {
    const repeats = [...clients.values()].reduce((sum, client) => sum + (client.repeats ?? 0), 0);
    expect(repeats).toBeGreaterThan(4);
  });
});
