import { gzipSync } from 'node:zlib';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Metadata, credentials, type ServiceError } from '@grpc/grpc-js';
import { compress } from 'snappyjs';
import type { ReceiverName } from '#settings';
import { exportLogs, lokiPush, readExportLogsAnswer, readStatus } from './messages.js';

/** What a shipper does with an answer: goes on, sends the same again, or forgets what it sent. */
export type Verdict = 'stored' | 'again' | 'dropped';

/** What a server said to a request over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

interface SentBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/**
 * A stand-in for a shipper that cannot be run here. It does what the shipper's source says of answers, and of nothing
 * else: each is a row of what is particular about it. Versions: docs/shippers/README.md.
 */
interface HttpFake {
  readonly receiver: ReceiverName;
  readonly path: string;
  /** Asked before the first request; anything but 200 and it does not start. */
  readonly healthcheck?: string;
  readonly sent: (source: string, lines: readonly string[]) => SentBody;
  readonly verdict: (answer: HttpAnswer) => Verdict;
  /** How often it sends the same again before it drops it. */
  readonly retries: number;
  /** Whether it waits as Retry-After says, and not as it likes. */
  readonly honoursRetryAfter: boolean;
}

const between =
  (from: number, to: number) =>
  (status: number): boolean =>
    status >= from && status <= to;
const success = between(200, 299);
/** Fluent Bit knows no others. */
const fluentBitSuccess = between(200, 205);
const RETRYABLE_OTLP: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const text = (stringValue: string) => ({ stringValue });
const logs = (source: string, lines: readonly string[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: text(source) }] },
      scopeLogs: [
        {
          logRecords: lines.map((line) => ({
            timeUnixNano: '1795246757123456789',
            body: text(line),
            attributes: [{ key: 'log.file.name', value: text('access.log') }],
          })),
        },
      ],
    },
  ],
});
const snappyPush = (source: string, lines: readonly string[]): Uint8Array =>
  compress(
    lokiPush({
      streams: [
        {
          labels: `{job="${source}", filename="/var/log/\\"x\\", y.log"}`,
          entries: lines.map((line) => ({ timestamp: { seconds: 1795246757, nanos: 1 }, line })),
        },
      ],
    }),
  );

const FOREVER = Infinity;

/** Alloy's loki.write; Promtail's client is the same. */
const alloy: HttpFake = {
  receiver: 'loki',
  path: '/loki/api/v1/push',
  sent: (source, lines) => ({
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    body: snappyPush(source, lines),
  }),
  verdict: ({ status }) =>
    success(status) ? 'stored' : status === 429 || status >= 500 ? 'again' : 'dropped',
  retries: 10,
  honoursRetryAfter: false,
};

const collectorHttp: HttpFake = {
  receiver: 'otlp_http',
  path: '/v1/logs',
  sent: (source, lines) => ({
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    body: gzipSync(exportLogs(logs(source, lines))),
  }),
  // success with a message that is none, or that tells of records refused: for good
  verdict: ({ status, contentType, body }) => {
    if (!success(status)) return RETRYABLE_OTLP.has(status) ? 'again' : 'dropped';
    return contentType !== 'application/x-protobuf' || isAllStored(body) ? 'stored' : 'dropped';
  },
  retries: FOREVER,
  honoursRetryAfter: true,
};

function isAllStored(body: Buffer): boolean {
  try {
    return readExportLogsAnswer(body).partialSuccess === undefined;
  } catch {
    return false;
  }
}

export const HTTP_FAKES = {
  'collector-http': collectorHttp,
  'collector-http-json': {
    ...collectorHttp,
    sent: (source, lines) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(logs(source, lines)),
    }),
    verdict: ({ status, contentType, body }) => {
      if (!success(status)) return RETRYABLE_OTLP.has(status) ? 'again' : 'dropped';
      return contentType !== 'application/json' || body.toString() === '{}' ? 'stored' : 'dropped';
    },
  },
  'vector-otlp': {
    ...collectorHttp,
    // a list of requests, where OTLP has one
    sent: (source, lines) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(lines.map((line) => logs(source, [line]))),
    }),
    verdict: ({ status }) =>
      success(status) ? 'stored' : status === 429 || (status >= 500 && status !== 501) ? 'again' : 'dropped',
    honoursRetryAfter: false,
  },
  'fluent-bit-opentelemetry': {
    ...collectorHttp,
    verdict: ({ status }) =>
      fluentBitSuccess(status) ? 'stored' : RETRYABLE_OTLP.has(status) ? 'again' : 'dropped',
    honoursRetryAfter: false,
  },
  alloy,
  'vector-loki': {
    ...alloy,
    healthcheck: '/ready',
    verdict: ({ status }) =>
      success(status) ? 'stored' : status === 429 || (status >= 500 && status !== 501) ? 'again' : 'dropped',
    retries: FOREVER,
  },
  'fluent-bit-loki': {
    ...alloy,
    sent: (source, lines) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        streams: [{ stream: { job: source }, values: lines.map((line) => ['1795246757123456789', line]) }],
      }),
    }),
    verdict: ({ status }) => (fluentBitSuccess(status) ? 'stored' : status === 400 ? 'dropped' : 'again'),
    retries: FOREVER, // retry_limit no_limits; once by default
  },
} as const satisfies Record<string, HttpFake>;

/** Codes that the Collector's otlp exporter sends again; RESOURCE_EXHAUSTED only if it is told when. */
const RETRYABLE_CODES: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);
const RESOURCE_EXHAUSTED = 8;

/** What the Collector's otlp exporter does with the end of a call. */
export function grpcVerdict(code: number, details: Uint8Array | undefined): Verdict {
  if (code === 0) return 'stored';
  const isTold = details !== undefined && readStatus(details).retryAfter !== undefined;
  return RETRYABLE_CODES.has(code) || (code === RESOURCE_EXHAUSTED && isTold) ? 'again' : 'dropped';
}

/** Waits are this much shorter than a shipper's, so that a test is over soon. */
const HURRY = 20;
/** Of one that is not told, or does not listen: doubled from try to try. */
const FIRST_WAIT_S = 0.5;
const LONGEST_WAIT_S = 30;
const BATCH = 100;
/** Batches at a time. */
const CONSUMERS = 2;

/** A queue of batches, each sent until it is stored or dropped. */
abstract class FakeShipper {
  refused = 0;
  private accepted = 0;
  private readonly batches: string[][] = [];
  private readonly working = new Set<Promise<void>>();

  constructor(
    protected readonly port: number,
    protected readonly source: string,
    private readonly retries: number,
  ) {}

  send(lines: readonly string[]): void {
    for (let at = 0; at < lines.length; at += BATCH) this.batches.push(lines.slice(at, at + BATCH));
    while (this.working.size < CONSUMERS && this.batches.length > 0) {
      const work: Promise<void> = this.work().finally(() => this.working.delete(work));
      this.working.add(work);
    }
  }

  /** @returns how many lines it was told are stored */
  async end(): Promise<number> {
    while (this.working.size > 0) await Promise.all(this.working);
    return this.accepted;
  }

  abstract kill(): void;

  /** @returns what becomes of the batch, and the seconds that it was told to wait */
  protected abstract deliver(lines: readonly string[]): Promise<[Verdict, wait: number | undefined]>;

  private async work(): Promise<void> {
    for (let batch = this.batches.shift(); batch; batch = this.batches.shift())
      if (await this.isStored(batch)) this.accepted += batch.length;
  }

  private async isStored(batch: readonly string[]): Promise<boolean> {
    for (let tries = 0; tries <= this.retries; tries++) {
      const [verdict, wait] = await this.deliver(batch);
      if (verdict !== 'again') return verdict === 'stored';
      this.refused++;
      await pause(((wait ?? Math.min(FIRST_WAIT_S * 2 ** tries, LONGEST_WAIT_S)) * 1000) / HURRY);
    }
    return false;
  }
}

class HttpShipper extends FakeShipper {
  private isHealthy = false;

  constructor(
    private readonly fake: HttpFake,
    port: number,
    source: string,
  ) {
    super(port, source, fake.retries);
  }

  kill(): void {}

  protected async deliver(lines: readonly string[]): Promise<[Verdict, number | undefined]> {
    const { path, sent, verdict, honoursRetryAfter } = this.fake;
    await this.ask();
    const { headers, body } = sent(this.source, lines);
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    const said = verdict({
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? '',
      body: Buffer.from(await answer.arrayBuffer()),
    });
    const wait = answer.headers.get('retry-after');
    return [said, honoursRetryAfter && wait !== null ? Number(wait) : undefined];
  }

  private async ask(): Promise<void> {
    const { healthcheck } = this.fake;
    if (this.isHealthy || healthcheck === undefined) return;
    const { status } = await fetch(`http://127.0.0.1:${this.port}${healthcheck}`);
    if (status !== 200) throw new Error(`${healthcheck} says ${status}: the shipper does not start`);
    this.isHealthy = true;
  }
}

const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const asItIs = (bytes: Buffer): Buffer => bytes;

/** What a client of gRPC hears of a call. */
export interface GrpcEnd {
  readonly code: number;
  readonly message: string;
  readonly details: Buffer | undefined;
  readonly answer: Buffer | undefined;
}

/** One call of a real client of gRPC. */
export const exportOverGrpc = (
  client: Client,
  request: Buffer,
  headers: Record<string, string> = {},
): Promise<GrpcEnd> =>
  new Promise((resolve) => {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    client.makeUnaryRequest(EXPORT, asItIs, asItIs, request, metadata, (error: ServiceError | null, answer) =>
      resolve({
        code: error?.code ?? 0,
        message: error?.details ?? '',
        details: error?.metadata.get('grpc-status-details-bin')[0] as Buffer | undefined,
        answer,
      }),
    );
  });

/** The Collector's otlp exporter, over a real client of gRPC. */
class GrpcShipper extends FakeShipper {
  private readonly client: Client;

  constructor(port: number, source: string) {
    super(port, source, FOREVER);
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': 2, // gzip
    });
  }

  override async end(): Promise<number> {
    const accepted = await super.end();
    this.kill();
    return accepted;
  }

  kill(): void {
    this.client.close();
  }

  protected async deliver(lines: readonly string[]): Promise<[Verdict, number | undefined]> {
    const { code, details } = await exportOverGrpc(this.client, exportLogs(logs(this.source, lines)));
    return [grpcVerdict(code, details), details && readStatus(details).retryAfter];
  }
}

/** Every stand-in by its name: where it sends to, and how it is started. */
export const FAKES: readonly {
  readonly name: string;
  readonly receiver: ReceiverName;
  readonly start: (port: number) => FakeShipper;
}[] = [
  ...Object.entries<HttpFake>(HTTP_FAKES).map(([name, fake]) => ({
    name,
    receiver: fake.receiver,
    start: (port: number) => new HttpShipper(fake, port, name),
  })),
  {
    name: 'collector-grpc',
    receiver: 'otlp_grpc' as const,
    start: (port: number) => new GrpcShipper(port, 'collector-grpc'),
  },
];
