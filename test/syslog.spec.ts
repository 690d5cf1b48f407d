import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describeWith } from './harness/programs.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"';
const MAX_LINE = 1024;
const SETTINGS = {
  ingest: {
    listen: { port: 0 },
    max_line: `${MAX_LINE}B`,
    receivers: {
      syslog_udp: { port: 0 },
      syslog_tcp: { port: 0, max_buffer: '1MiB' },
      tcp: { port: 0, source: 'edge' },
    },
    names: { nginx: 'edge', 'web-*': 'hosts' },
  },
  sources: {
    edge: { format: 'combined' },
    hosts: { format: 'combined' },
    guarded: { format: 'combined', auth: { bearer: 'a secret of some length' } },
  },
  shutdown: { notice: '0s', deadline: '2s' },
};

const message = (tag: string, line = LINE, host = 'db1'): string =>
  `<134>Nov 21 06:00:00 ${host} ${tag}: ${line}`;
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

await describeWith(['redis-server'], 'syslog', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;

  beforeEach(async () => {
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, SETTINGS);
  });

  afterEach(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  const opened = async (receiver: 'syslog_tcp' | 'tcp'): Promise<Socket> => {
    const socket = connect(statuslens.receiver(receiver).port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  const write = async (receiver: 'syslog_tcp' | 'tcp', text: string): Promise<void> => {
    const socket = await opened(receiver);
    socket.end(text);
    await once(socket.resume(), 'close');
  };
  const send = async (...datagrams: string[]): Promise<void> => {
    const socket = createSocket('udp4');
    const { port } = statuslens.receiver('syslog_udp');
    for (const datagram of datagrams)
      await new Promise((sent) => socket.send(datagram, port, '127.0.0.1', sent));
    socket.close();
  };
  const drops = async (): Promise<string[]> => {
    const page = await (await fetch(`${statuslens.ingest}/metrics`)).text();
    const found = page.matchAll(
      /^statuslens_ingest_dropped_lines_total\{protocol="(.*)",source="(.*)",reason="(.*)"\} (\d+)$/gm,
    );
    return [...found].filter(([, , , , n]) => n !== '0').map((match) => match.slice(1).join(' '));
  };
  const linesOf = async (source: string, outcome = 'classified'): Promise<number> =>
    total(await statuslens.metrics(), 'statuslens_lines_total', `source="${source}"`, `outcome="${outcome}"`);

  it('finds the source by the tag, then by the host, in every framing on one port', async () => {
    const stream = [
      counted(message('nginx')),
      `${message('haproxy[12]', LINE, 'web-7')}\n`,
      counted(`<134>1 2026-11-21T06:00:00Z db1 edge - - [a b="\\"\\]"] ${LINE}`),
      `${message('nginx')}\0`,
      `${message('hosts')}\r\n`,
    ];
    await write('syslog_tcp', stream.join(''));
    await send(`${message('nginx')}\n`, message('x', LINE, 'web-8'));
    await statuslens.counted(7);
    expect([await linesOf('edge'), await linesOf('hosts')]).toEqual([4, 3]);
    expect(await drops()).toEqual([]);
  });

  it('counts what nobody can be told of: strangers, guarded sources, connections that break within a message', async () => {
    await send(message('stranger'), LINE, message('guarded'));
    const socket = await opened('syslog_tcp');
    socket.write(
      `${counted(message('stranger'))}${counted(message('nginx'))}99 ${message('nginx').slice(0, 50)}`,
    );
    await statuslens.counted(1);
    socket.resetAndDestroy();
    await until('all of them are counted', async () => (await drops()).length === 4);
    expect((await drops()).sort()).toEqual([
      'syslog_tcp unknown incomplete 1',
      'syslog_tcp unknown unknown_source 1',
      'syslog_udp guarded unauthorized 1',
      'syslog_udp unknown unknown_source 2',
    ]);
    expect(await linesOf('edge')).toBe(1);
  });

  it('rejects a line that is too long, as every way in does, and takes its neighbours', async () => {
    const long = `${LINE}${'x'.repeat(MAX_LINE)}`;
    const three = [message('nginx'), message('nginx', long), message('nginx')];
    await write('syslog_tcp', three.map(counted).join('') + three.map((one) => `${one}\n`).join(''));
    await send(...three);
    await write('tcp', `${LINE}\n${long}\n${LINE}`);
    await statuslens.counted(12);
    expect(await linesOf('edge')).toBe(8);
    expect(
      total(await statuslens.metrics(), 'statuslens_rejected_lines_total', 'reason="line_too_long"'),
    ).toBe(4);
  });

  it('stores what it holds when it ends', async () => {
    await send(...Array.from({ length: 50 }, () => message('nginx')));
    const socket = await opened('syslog_tcp');
    socket.write(Array.from({ length: 50 }, () => counted(message('nginx'))).join(''));
    await until('the lines have come', async () => (await buffered()) > 0);
    await statuslens.stop();
    statuslens = await startStatuslens(redis.url, SETTINGS);
    await statuslens.counted(100);
    expect(await linesOf('edge')).toBe(100);
  });

  it('ends in time though Redis is away', async () => {
    await redis.kill();
    await send(message('nginx'));
    await until('the line has come', async () => (await buffered()) > 0);
    const begin = performance.now();
    await statuslens.stop();
    expect(performance.now() - begin).toBeLessThan(4000);
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, SETTINGS);
  });

  it('keeps nobody waiting for a source that has to', async () => {
    await statuslens.stop();
    const limited = { ...SETTINGS.sources, hosts: { format: 'combined', limits: { max_rate: '1KiB' } } };
    statuslens = await startStatuslens(redis.url, { ...SETTINGS, sources: limited });
    const noisy = await opened('syslog_tcp');
    noisy.write(Array.from({ length: 10_000 }, () => counted(message('hosts'))).join(''));
    await until('it has taken its share', async () => (await buffered()) > 512 * 1024);
    await write('syslog_tcp', Array.from({ length: 100 }, () => counted(message('nginx'))).join(''));
    await until('the other source is counted', async () => (await linesOf('edge')) === 100);
    noisy.destroy();
  });

  async function buffered(): Promise<number> {
    const page = await (await fetch(`${statuslens.ingest}/metrics`)).text();
    return [...page.matchAll(/^statuslens_ingest_buffered_bytes\{.*\} (\d+)/gm)].reduce(
      (sum, [, bytes]) => sum + Number(bytes),
      0,
    );
  }
});
