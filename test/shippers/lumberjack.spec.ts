import { once } from 'node:events';
import { connect } from 'node:net';
import tls from 'node:tls';
import { deflateSync } from 'node:zlib';
import { Authority, textsOf, type Certificate } from '../harness/certificates.js';
import { describeWith } from '../harness/programs.js';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { FILEBEAT, FakeLumberjack, LOGSTASH, frame, say } from './fake-lumberjack.js';

let made = 0;
/** Another line each time. */
const line = (): string =>
  `10.0.0.1 - - [21/Nov/2026:06:07:42 +0000] "GET /openidm/${made++} HTTP/1.1" 503 12 "-" "curl"`;
const json = (sequence: number, source: string): Buffer =>
  frame('2J', sequence, Buffer.from(JSON.stringify({ message: line(), fields: { source } })));
/** Four are more than may come of a compressed frame. */
const large = (): Buffer => frame('2J', 1, Buffer.alloc(700_000, 'x'));
const window = (events: number): Buffer => frame('2W', events);
const compressed = (...frames: Buffer[]): Buffer =>
  frame('2C', undefined, deflateSync(Buffer.concat(frames)));
const ack = (sequence: number): Buffer => frame('2A', sequence);
const sized = (text: string): Buffer => frame('', undefined, Buffer.from(text));

await describeWith(['redis-server'], 'Lumberjack', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let port: number;
  let before: Map<string, number>;

  beforeAll(async () => {
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, {
      ingest: {
        listen: { port: 0 },
        max_body: '1MiB',
        max_inflated: '2MiB',
        receivers: { lumberjack: { port: 0 } },
        names: { 'nginx.*': 'san' },
      },
      sources: {
        san: { format: 'combined' },
        guarded: { auth: { bearer: 'a token of some length' } },
      },
    });
    port = statuslens.receiver('lumberjack').port;
  });

  // the last test has stopped statuslens
  afterAll(() => redis.stop());

  beforeEach(async () => {
    before = await statuslens.metrics();
  });

  const lines = (metrics: Map<string, number>): number => total(metrics, 'statuslens_lines_total');
  const counted = async (more: number): Promise<void> => {
    const seen = await statuslens.counted(lines(before) + more);
    expect(lines(seen)).toBe(lines(before) + more);
  };

  /** What is answered to frames whose sender ends its side then. */
  const answers = (...frames: Buffer[]): Promise<Buffer> => say(port, Buffer.concat(frames), { ends: true });

  it('acknowledges each window by the number of its last event, also if both came at once', async () => {
    const answered = await answers(
      window(2),
      json(1, 'san'),
      json(2, 'san'),
      window(3),
      compressed(json(3, 'san'), json(4, 'san'), json(5, 'san')),
    );
    expect(answered).toEqual(Buffer.concat([ack(2), ack(5)]));
    await counted(5);
  });

  it('answers an empty window, and a version 1 in its own version', async () => {
    const pairs = Buffer.concat([
      frame('1D', 7),
      Buffer.from([0, 0, 0, 2]),
      ...['line', line(), 'type', 'nginx.access'].map(sized),
    ]);
    expect(await answers(window(0), frame('1W', 1), pairs)).toEqual(Buffer.concat([ack(0), frame('1A', 7)]));
    await counted(1);
  });

  it('does not acknowledge an unfinished window', async () => {
    expect(await answers(window(2), json(1, 'san'))).toHaveLength(0);
    await counted(0);
  });

  it.each([
    ['events of nobody among others', () => [window(2), json(1, 'san'), json(2, 'nobody')]],
    ['a source that demands credentials', () => [window(1), json(1, 'guarded')]],
    ['an event in no window', () => [json(1, 'san')]],
    ['a window in a window', () => [window(2), json(1, 'san'), window(1), json(1, 'san')]],
    ['a compressed frame in another', () => [window(1), compressed(compressed(json(1, 'san')))]],
    ['a compressed frame that is cut', () => [window(1), compressed(json(1, 'san').subarray(0, 20))]],
    ['a damaged one', () => [window(1), frame('2C', undefined, Buffer.from('no zlib at all'))]],
    ['one that inflates to too much', () => [window(9), compressed(...Array.from({ length: 4 }, large))]],
    ['TLS', () => [Buffer.from([0x16, 3, 1, 0])]],
  ])('closes the connection, and stores nothing, for %s', async (_, frames) => {
    const answered = await say(port, Buffer.concat(frames()), { ends: false });
    expect(answered.includes('2A\0\0\0\x01') || answered.includes('2A\0\0\0\x02')).toBe(false);
    await counted(0);
  });

  it('names in `fields`, in the data set and of the agent are known', async () => {
    const event = (fields: object): Buffer =>
      frame('2J', 1, Buffer.from(JSON.stringify({ message: line(), ...fields })));
    for (const fields of [
      { fields: { service: 'san' } },
      { event: { dataset: 'nginx.access' } },
      { agent: { name: 'san' } },
    ])
      expect(await answers(window(1), event(fields))).toEqual(ack(1));
    await counted(3);
  });

  it.each([FILEBEAT, LOGSTASH])('speaks with $name', async (quirks) => {
    const client = new FakeLumberjack(quirks, port, 'san');
    try {
      for (let i = 0; i < 20; i++) client.send(Array.from({ length: 50 }, line));
      await client.done();
      expect(client.reconnects).toBe(0);
    } finally {
      client.close();
    }
    await counted(1000);
  });

  it('counts what senders were told', async () => {
    const page = await until('it is told', async () => (await fetch(`${statuslens.ingest}/metrics`)).text());
    for (const labels of [
      'source="san",code="200",refusal=""',
      'source="unknown",code="404",refusal="unknown_source"',
      'source="guarded",code="401",refusal="unauthorized"',
    ])
      expect(page).toContain(`statuslens_ingest_requests_total{protocol="lumberjack",${labels}}`);
  });

  it('finishes what has begun when it departs', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    let answered = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => (answered = Buffer.concat([answered, bytes])));
    const closed = once(
      socket.on('error', () => {}),
      'close',
    );
    socket.write(Buffer.concat([window(1), json(1, 'san')]));
    await statuslens.stop();
    await closed;
    expect(answered).toEqual(ack(1));
  });
});

await describeWith(['redis-server', 'openssl'], 'Lumberjack over TLS', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let authority: Authority;

  beforeAll(async () => {
    authority = await Authority.create();
    redis = await startRedis();
    const files = await authority.sign('server', 'IP:127.0.0.1');
    const lumberjack = { port: 0, tls: { ...files, ca: authority.cert, client: 'verify_if_given' } };
    statuslens = await startStatuslens(redis.url, {
      ingest: { listen: { port: 0 }, receivers: { lumberjack } },
      sources: { guarded: { auth: { bearer: 'a token of some length' } } },
    });
  });

  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
    authority.remove();
  });

  /** What is answered to an event for a source that demands credentials. */
  async function answer(client: Partial<Certificate>): Promise<string> {
    const { port } = statuslens.receiver('lumberjack');
    const { cert: ca } = textsOf(authority);
    const socket = tls.connect({ port, host: '127.0.0.1', ca, ...client });
    let answered = '';
    socket.on('error', () => {}).on('data', (bytes: Buffer) => (answered += bytes.toString('latin1')));
    socket.end(Buffer.concat([window(1), json(1, 'guarded')]));
    await once(socket, 'close');
    return answered;
  }

  it('a client certificate is as good as credentials', async () => {
    expect(await answer(textsOf(await authority.sign('client', 'DNS:web1')))).toBe('2A\0\0\0\x01');
    expect(await answer({})).toBe('');
    await statuslens.counted(1);
  });
});
