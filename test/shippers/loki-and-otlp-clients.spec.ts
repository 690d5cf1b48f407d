import type { ReceiverName } from '#settings';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { Page } from './page.js';
import { PageClient } from './page-client.js';
import { FAKES } from './strict-fakes.js';

/** Lines of each client in each of three parts: before Redis is killed, while it is away, after it is back. */
const PART = 200;
const RECEIVERS: readonly ReceiverName[] = ['loki', 'otlp_http', 'otlp_grpc'];

const OTEL_DRIVER = `
let taken = 0;
const send = exporter.export.bind(exporter);
exporter.export = (records, done) =>
  send(records, (result) => {
    if (result.code === 0) taken += records.length;
    done(result);
  });
const emit = (line) => accessLog.emit({ body: line });
const flush = () => provider.shutdown();
const accepted = () => taken;
`;

/** It resolves when the last push was answered, and does not tell how. */
const WINSTON_DRIVER = `
let given = 0;
const emit = (line) => { given++; accessLog.info(line); };
const flush = () => transport.close();
const accepted = () => given;
`;

/** It tells nobody what became of a push, so its answers are looked at. */
const PINO_DRIVER = `
let taken = 0;
const send = globalThis.fetch;
globalThis.fetch = async (url, request) => {
  const answer = await send(url, request);
  if (answer.ok) taken += JSON.parse(request.body).streams.length;
  return answer;
};
const emit = (line) => accessLog.info(line);
const flush = () => new Promise((resolve) => { transport.once('close', resolve); transport.end(); });
const accepted = () => taken;
`;

interface Client {
  /** Its source, too. */
  readonly name: string;
  readonly receiver: ReceiverName;
  /** Of three parts: a client that sends again loses none. */
  readonly partsCounted: number;
  readonly start: (port: number) => Shipper;
}

interface Shipper {
  send(lines: readonly string[]): void;
  /** @returns how many lines it was told are safe */
  end(): Promise<number>;
  kill(): void;
}

/** A client that is here, as a page sets it up: with its own port and source in place of the page's. */
const onPage = (
  name: string,
  receiver: ReceiverName,
  program: string,
  driver: string,
  partsCounted: number,
): Client => ({
  name,
  receiver,
  partsCounted,
  start: (port) => {
    const url = receiver === 'otlp_grpc' ? /http:\/\/localhost:\d+\/v1\/logs/ : /http:\/\/localhost:\d+/;
    const own = program.replace(url, `http://127.0.0.1:${port}`).replaceAll("'edge'", `'${name}'`);
    return new PageClient(own, driver);
  },
});

const sdk = new Page('opentelemetry-sdk.md').block('js', 'import ');
const sdkOf = (exporter: string): string =>
  sdk.replace('exporter-logs-otlp-proto', `exporter-logs-otlp-${exporter}`);
const winston = new Page('loki-clients.md').block('js', "'winston-loki'");
const pino = new Page('loki-clients.md').block('js', "'pino-loki'");

/** gRPC's exporter and pino-loki never send again: what was refused is lost, and they were told so. */
const CLIENTS: readonly Client[] = [
  onPage('otlp-proto', 'otlp_http', sdk, OTEL_DRIVER, 3),
  onPage('otlp-http', 'otlp_http', sdkOf('http'), OTEL_DRIVER, 3),
  onPage('otlp-grpc', 'otlp_grpc', sdkOf('grpc'), OTEL_DRIVER, 2),
  onPage('winston-protobuf', 'loki', winston, WINSTON_DRIVER, 3),
  onPage('winston-json', 'loki', winston.replace('json: false', 'json: true'), WINSTON_DRIVER, 3),
  onPage('pino', 'loki', pino, PINO_DRIVER, 2),
  ...FAKES.map((fake) => ({ ...fake, partsCounted: 3 })),
];

const linesOf = (client: string, part: number): string[] =>
  Array.from(
    { length: PART },
    (_, i) =>
      `127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /${client}/${part}/${i} HTTP/1.1" 503 12 "-" "curl"`,
  );

/** All of them go through the same outage at the same time. */
describe('clients, and stand-ins for those that are not here, while Redis is killed and started again', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  const running = new Map<string, Shipper>();
  const accepted = new Map<string, number>();
  let counted: Map<string, number>;

  const linesCounted = (metrics: ReadonlyMap<string, number>, source: string): number =>
    total(metrics, 'statuslens_lines_total', `source="${source}"`, 'outcome="classified"');

  const sendPart = (part: number): void => {
    for (const [name, client] of running) client.send(linesOf(name, part));
  };

  const refused = async (): Promise<boolean> => {
    const page = await (await fetch(`${statuslens.ingest}/metrics`)).text();
    return CLIENTS.every(({ name }) => page.includes(`source="${name}",code="503",refusal="unavailable"`));
  };

  beforeAll(async () => {
    redis = await startRedis({ appendonly: true, appendfsync: 'always' });
    statuslens = await startStatuslens(redis.url, {
      sources: Object.fromEntries(CLIENTS.map(({ name }) => [name, {}])),
      ingest: {
        listen: { port: 0 },
        receivers: Object.fromEntries(RECEIVERS.map((name) => [name, { port: 0 }])),
      },
    });
    for (const { name, receiver, start } of CLIENTS)
      running.set(name, start(statuslens.receiver(receiver).port));

    sendPart(0);
    await until('the first part is counted', async () => {
      const metrics = await statuslens.metrics();
      return CLIENTS.every(({ name }) => linesCounted(metrics, name) === PART);
    });
    const { port, dir } = redis;
    await redis.kill();
    sendPart(1);
    await until('all have been refused', refused, { timeoutMs: 20_000 });
    redis = await startRedis({ port, dir, appendonly: true, appendfsync: 'always' });
    await until('ingest reaches Redis', async () => (await fetch(`${statuslens.ingest}/readyz`)).ok);
    sendPart(2);

    await Promise.all([...running].map(async ([name, client]) => accepted.set(name, await client.end())));
    const expected = CLIENTS.reduce((sum, { partsCounted }) => sum + partsCounted * PART, 0);
    await statuslens.counted(expected);
    counted = await until('nothing is left to count', async () => {
      const metrics = await statuslens.metrics();
      const batches = (outcome: string) => total(metrics, 'statuslens_batches_total', `outcome="${outcome}"`);
      return batches('accepted') === batches('committed') ? metrics : undefined;
    });
  }, 60_000);

  afterAll(async () => {
    for (const client of running.values()) client.kill();
    await statuslens.stop();
    await redis.stop();
  });

  it.each(CLIENTS)('$name: what it was told is safe is counted, once', ({ name, partsCounted }) => {
    expect(linesCounted(counted, name)).toBe(partsCounted * PART);
    expect(linesCounted(counted, name)).toBe(accepted.get(name));
  });
});
