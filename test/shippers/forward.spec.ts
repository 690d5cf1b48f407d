import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ExtData, decode, encode } from '@msgpack/msgpack';
import { describeWith } from '../harness/programs.js';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { zstdFrame } from '../harness/zstd.js';
import { say } from './fake-lumberjack.js';

const TIME = new ExtData(0, new Uint8Array(8));
let made = 0;
/** Another line each time. */
const line = (): string =>
  `10.0.0.1 - - [21/Nov/2026:06:07:42 +0000] "GET /openidm/${made++} HTTP/1.1" 503 12 "-" "curl"`;
const packed = (...values: unknown[]): Buffer => Buffer.concat(values.map((value) => encode(value)));
const entries = (lines: number): Buffer =>
  packed(...Array.from({ length: lines }, () => [TIME, { log: line() }]));

/** A client that says whatever bytes it is told to. */
class Client {
  answers = Buffer.alloc(0);
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => (this.answers = Buffer.concat([this.answers, bytes])));
    socket.on('error', () => {}).once('close', () => (this.isClosed = true));
  }

  static async to(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Client(socket);
  }

  say(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Resolves when a chunk was acknowledged. */
  async acked(chunk: string): Promise<void> {
    await until(`${chunk} is acknowledged`, () => this.answers.includes(packed({ ack: chunk })));
  }

  async closed(): Promise<void> {
    await until('the connection is closed', () => this.isClosed);
  }

  end(): void {
    this.socket.destroy();
  }
}

await describeWith(['redis-server'], 'Fluent Forward', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let port: number;
  let client: Client;
  let before: Map<string, number>;

  beforeAll(async () => {
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, {
      ingest: {
        listen: { port: 0 },
        max_body: '1MiB',
        max_inflated: '2MiB',
        max_inflight: '64MiB',
        receivers: { forward: { port: 0 } },
        names: { 'kube.*': 'cluster' },
      },
      sources: {
        cluster: { format: 'combined' },
        guarded: { auth: { bearer: 'a token of some length' } },
        objects: { format: 'json', fields: { status: 'code', path: 'path' } },
      },
    });
    port = statuslens.receiver('forward').port;
  });

  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  beforeEach(async () => {
    before = await statuslens.metrics();
    client = await Client.to(port);
  });
  afterEach(() => client.end());

  const lines = (metrics: Map<string, number>): number => total(metrics, 'statuslens_lines_total');
  const counted = async (more: number): Promise<void> => {
    const seen = await statuslens.counted(lines(before) + more);
    expect(lines(seen)).toBe(lines(before) + more);
  };
  /** How often senders were told something. */
  const told = async (...labels: string[]): Promise<number> => {
    const page = await (await fetch(`${statuslens.ingest}/metrics`)).text();
    return page
      .split('\n')
      .filter((one) => one.startsWith('statuslens_ingest_requests_total{protocol="forward"'))
      .filter((one) => labels.every((label) => one.includes(label)))
      .reduce((sum, one) => sum + Number(one.slice(one.lastIndexOf(' ') + 1)), 0);
  };

  it.each<[string, number, () => unknown[]]>([
    ['Message', 1, () => ['kube.a', 1_600_000_000, { log: line() }]],
    ['Message with metadata', 1, () => ['kube.a', [TIME, {}], { message: line() }]],
    [
      'Forward',
      2,
      () => [
        'kube.a',
        [
          [TIME, { log: line() }],
          [[TIME, {}], { log: `${line()}\n` }],
        ],
      ],
    ],
    ['PackedForward', 3, () => ['kube.a', entries(3)]],
    ['zstd', 4, () => ['kube.a', zstdFrame([entries(4)], 20), { compressed: 'zstd' }]],
    ['text', 1, () => ['kube.a', entries(1), { compressed: 'text' }]],
    [
      'gzip in several members',
      5,
      () => ['kube.a', Buffer.concat([gzipSync(entries(2)), gzipSync(entries(3))]), { compressed: 'gzip' }],
    ],
  ])('takes the mode %s without being asked for an answer', async (_, events, message) => {
    client.say(packed(null, message(), null));
    await counted(events);
    expect(client.answers).toHaveLength(0);
  });

  it('takes a record without a line as an object', async () => {
    client.say(packed(['objects', TIME, { code: 503, path: '/openidm/x' }, { chunk: 'o' }]));
    await client.acked('o');
    await counted(1);
  });

  it('takes many small messages at once as few batches', async () => {
    const batches = (metrics: Map<string, number>): number =>
      total(metrics, 'statuslens_batches_total', 'outcome="accepted"');
    client.say(packed(...Array.from({ length: 300 }, () => ['kube.a', 1, { log: line() }])));
    await counted(300);
    expect(batches(await statuslens.metrics()) - batches(before)).toBeLessThan(10);
  });

  it('takes a chunk that comes byte by byte, and acknowledges it as it was called', async () => {
    const chunk = 'b2 bytes ==\n';
    for (const byte of packed(['kube.a', entries(2), { chunk }])) client.say(Buffer.of(byte));
    await client.acked(chunk);
    await counted(2);
  });

  it('a chunk that comes again, over another connection too, counts once', async () => {
    const message = packed(['kube.a', entries(2), { chunk: 'once' }]);
    client.say(message);
    await client.acked('once');
    const other = await Client.to(port);
    other.say(message);
    await other.acked('once');
    other.say(packed(['kube.a', entries(1), { chunk: 'another' }]));
    await other.acked('another');
    other.end();
    await counted(3);
  });

  it('acknowledges what can never be read, and counts it', async () => {
    const refused = await told('refusal="malformed"');
    client.say(packed(['kube.a', null, { chunk: 'strange' }]));
    await client.acked('strange');
    const damaged = Buffer.concat([gzipSync(entries(2)), gzipSync(entries(9)).subarray(0, 60)]);
    client.say(packed(['kube.a', damaged, { chunk: 'damaged', compressed: 'gzip' }]));
    await client.acked('damaged');
    client.say(packed(['kube.a', packed([TIME, { log: line() }], 'no record'), { chunk: 'none' }]));
    await client.acked('none');
    expect((await told('refusal="malformed"')) - refused).toBe(3);
    await counted(3);
  });

  it.each([
    ['a tag of nobody', () => packed(['nobody', entries(1), { chunk: 'c' }]), 'refusal="unknown_source"'],
    [
      'a source that demands credentials',
      () => packed(['guarded', entries(1), { chunk: 'c' }]),
      'refusal="unauthorized"',
    ],
    [
      'a chunk that inflates to too much',
      () => packed(['kube.a', gzipSync(Buffer.alloc(3 << 20)), { chunk: 'c', compressed: 'gzip' }]),
      'refusal="too_large"',
    ],
  ])('does not acknowledge %s', async (_, message, refusal) => {
    const refused = await told(refusal);
    client.say(message());
    await client.closed();
    expect(client.answers).toHaveLength(0);
    expect(await told(refusal)).toBe(refused + 1);
  });

  it('acknowledges and keeps what came before a message that is refused', async () => {
    client.say(
      packed(
        ['kube.a', 1, { log: line() }],
        ['kube.a', entries(1), { chunk: 'good' }],
        ['nobody', entries(1), { chunk: 'c' }],
      ),
    );
    await client.closed();
    expect(client.answers).toEqual(packed({ ack: 'good' }));
    await counted(2);
  });

  it('a tag of nobody that waits for no answer harms none of its neighbours', async () => {
    client.say(packed(['nobody', 1, { log: line() }], ['kube.a', 1, { log: line() }]));
    client.say(packed(['kube.a', entries(1), { chunk: 'after' }]));
    await client.acked('after');
    await counted(2);
  });

  it.each([
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x00])],
    ['JSON', Buffer.from('["kube.a",1,{"log":"x"}]')],
    [
      'a message that is too large',
      Buffer.concat([Buffer.from('93a16bc6', 'hex'), Buffer.from('7fffffff', 'hex')]),
    ],
    ['what is no msgpack', Buffer.from([0x93, 0xc1])],
  ])('closes a connection on which %s is spoken', async (_, bytes) => {
    client.say(bytes);
    await client.closed();
    expect(client.answers).toHaveLength(0);
  });

  it.each([
    [
      'application/msgpack',
      'as Fluent Bit packs it',
      () => packed([[TIME, {}], { log: line() }], [[TIME, {}], { log: line() }]),
    ],
    ['application/x-msgpack', 'as Fluentd packs it', () => packed({ message: line() }, { message: line() })],
    ['application/msgpack', 'compressed', () => gzipSync(packed([TIME, { log: line() }], { log: line() }))],
  ])('takes a body of %s over HTTP %s', async (type, _, body) => {
    const { status } = await statuslens.send('cluster', body(), { 'content-type': type });
    expect(status).toBe(202);
    await counted(2);
  });

  it('takes of a body of msgpack over HTTP what can be read, and refuses what cannot be at all', async () => {
    const send = (body: Buffer): Promise<Response> =>
      statuslens.send('cluster', body, { 'content-type': 'application/msgpack' });
    const half = await send(packed([TIME, { log: line() }], [TIME, { log: line() }]).subarray(0, -1));
    expect([half.status, await half.json()]).toEqual([202, { status: 'accepted', unreadable: 1 }]);
    const none = await send(Buffer.from(line()));
    expect([none.status, await none.json()]).toMatchObject([422, { error: 'malformed' }]);
    await counted(1);
  });

  it('answers heartbeats over UDP, and takes connections without a word for heartbeats', async () => {
    const socket = createSocket('udp4');
    try {
      socket.send(Buffer.of(0), port, '127.0.0.1');
      const [answer] = (await once(socket, 'message')) as [Buffer];
      expect(answer).toEqual(Buffer.of(0));
    } finally {
      socket.close();
    }
    for (let i = 0; i < 5; i++) (await Client.to(port)).end();
    client.say(packed(['kube.a', entries(1), { chunk: 'alive' }]));
    await client.acked('alive');
  });
});

await describeWith(['redis-server'], 'Fluent Forward with a shared key', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let port: number;

  beforeAll(async () => {
    redis = await startRedis();
    const forward = { port: 0, shared_key: 'k', users: { me: 'a password' } };
    statuslens = await startStatuslens(redis.url, {
      ingest: { listen: { port: 0 }, receivers: { forward } },
    });
    port = statuslens.receiver('forward').port;
  });

  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  it('tells a client that sends events at once, and closes', async () => {
    const [helo, pong] = messagesOf(await say(port, packed(['default', 1, { log: 'x' }]), { ends: false }));
    expect(helo![0]).toBe('HELO');
    expect(pong).toEqual(['PONG', false, expect.stringContaining('shared key'), '', '']);
  });

  it('tells a client with another key, and closes', async () => {
    const ping = ['PING', 'host', 'salt', 'f'.repeat(128), 'me', 'f'.repeat(128)];
    expect(messagesOf(await say(port, packed(ping), { ends: false }))[1]).toEqual([
      'PONG',
      false,
      'shared_key mismatch',
      '',
      '',
    ]);
  });
});

/** HELO and PONG, one behind the other. */
function messagesOf(answers: Buffer): unknown[][] {
  const at = answers.indexOf(Buffer.from('95a4', 'hex'));
  return [answers.subarray(0, at), answers.subarray(at)].map((message) => decode(message) as unknown[]);
}
