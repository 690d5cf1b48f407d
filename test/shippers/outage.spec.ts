import { appendFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { startProgram } from '../harness/child.js';
import { describeWith, testProgram } from '../harness/programs.js';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { accessLines } from './access-lines.js';
import { droppedLines, expectCounted, textOf } from './counted-once.js';
import { Page, replaced, type PageSettings } from './page.js';
import { ShipperFolder, startRsyslog, startSyslogNg } from './shipper-program.js';

const BEFORE = 300;
const DURING = 900;
const ALL = BEFORE + DURING;
const SMALL = { max_buffer: '64KiB' };

/** Statuslens over a Redis that can go away and come back with what it had. */
class Outage {
  private constructor(
    private redis: RunningRedis,
    readonly statuslens: RunningStatuslens,
    readonly folder: ShipperFolder,
  ) {}

  static async prepare(settings: PageSettings): Promise<Outage> {
    const redis = await startRedis({ appendonly: true, appendfsync: 'always' });
    const statuslens = await startStatuslens(redis.url, {
      ...settings,
      shutdown: { notice: '0s', deadline: '4s' },
    });
    return new Outage(redis, statuslens, await ShipperFolder.create());
  }

  async begin(): Promise<void> {
    await this.redis.kill();
    await this.ready(503);
  }

  async end(): Promise<void> {
    const { port, dir } = this.redis;
    this.redis = await startRedis({ port, dir, appendonly: true, appendfsync: 'always' });
    await this.ready(200);
  }

  async stop(): Promise<void> {
    await this.statuslens.stop();
    await this.folder.remove();
    await this.redis.stop();
  }

  private async ready(status: number): Promise<void> {
    const { ingest } = this.statuslens;
    await until(`ingest answers ${status}`, async () => (await fetch(`${ingest}/readyz`)).status === status);
  }
}

async function during(settings: PageSettings, use: (outage: Outage) => Promise<void>): Promise<void> {
  const outage = await Outage.prepare(settings);
  try {
    await use(outage);
  } finally {
    await outage.stop();
  }
}

const settings = (receivers: Record<string, Record<string, unknown>>): PageSettings => ({
  ingest: { listen: { port: 0 }, receivers, names: { 'gateway-access': 'storage-gateway' } },
  sources: { 'storage-gateway': { format: 'nginx-json' } },
});

const dropped = async (statuslens: RunningStatuslens): Promise<number> =>
  (await droppedLines(statuslens)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);

await describeWith(['redis-server', 'logger'], 'while Redis is away, datagrams', () => {
  it('are kept as far as there is room, and every other one is counted as dropped', async () => {
    await during(settings({ syslog_udp: { port: 0, ...SMALL } }), async (outage) => {
      const { statuslens, folder } = outage;
      const log = folder.write('storage.json', textOf(accessLines(ALL)));
      const { port } = statuslens.receiver('syslog_udp');
      await outage.begin();
      const args = ['--udp', '--server', '127.0.0.1', '--port', String(port), '--tag', 'gateway-access'];
      const logger = startProgram(await testProgram('logger'), [...args, '--size', '8192', '--file', log]);
      await logger.exited;
      await outage.end();
      const counted = await until('every line is counted or dropped', async () => {
        const lines = total(await statuslens.metrics(), 'statuslens_lines_total', 'outcome="classified"');
        return lines + (await dropped(statuslens)) === ALL ? lines : undefined;
      });
      expect(counted).toBeGreaterThan(0);
      expect((await droppedLines(statuslens)).join()).toContain('reason="buffer_full"');
    });
  });
});

await describeWith(['redis-server'], 'while Redis is away, a TCP sender', () => {
  it('that must not wait is read on, and every line without room is counted as dropped', async () => {
    const tcp = { port: 0, source: 'storage-gateway', when_full: 'drop', ...SMALL };
    await during(settings({ tcp }), async (outage) => {
      const { statuslens } = outage;
      await outage.begin();
      const socket = await connected(statuslens.receiver('tcp').port);
      socket.end(textOf(accessLines(ALL)));
      await once(socket.resume(), 'close');
      const lost = await dropped(statuslens);
      expect(lost).toBeGreaterThan(0);
      await outage.end();
      const metrics = await statuslens.counted(ALL - lost);
      expect(total(metrics, 'statuslens_lines_total', 'outcome="classified"')).toBe(ALL - lost);
    });
  });

  /** More than the system keeps of a connection. */
  const LONG = 40_000;

  it('is not read once the buffer is full, and loses nothing', async () => {
    const tcp = { port: 0, source: 'storage-gateway', max_buffer: '1MiB' };
    await during(settings({ tcp }), async (outage) => {
      const { statuslens } = outage;
      const socket = await connected(statuslens.receiver('tcp').port);
      await outage.begin();
      socket.end(textOf(accessLines(LONG)));
      await until(
        'no more is read',
        async () => (await isFull(statuslens, 1024 * 1024)) && socket.writableLength > 0,
      );
      await outage.end();
      await statuslens.counted(LONG);
      await expectCounted(statuslens, LONG);
      expect(await droppedLines(statuslens)).toEqual([]);
    });
  });
});

await describeWith(['redis-server', 'rsyslogd'], 'while Redis is away, rsyslog', () => {
  it('keeps over TCP what is not taken', async () => {
    const page = new Page('rsyslog.md');
    const taken = page.settings('syslog_tcp');
    Object.assign(taken.ingest!.receivers!.syslog_tcp!, SMALL);
    await during(taken, (outage) =>
      losesNothing(
        outage,
        () => isFull(outage.statuslens),
        (log) =>
          startRsyslog(
            outage.folder,
            replaced(page.block('rsyslog', 'tcp_framing="octet-counted"', 'port="5514"'), {
              'statuslens.example.com': '127.0.0.1',
              '"5514"': `"${outage.statuslens.receiver('syslog_tcp').port}"`,
              '/var/spool/rsyslog': outage.folder.path,
              '/var/log/nginx/storage.json': log,
            }),
          ),
      ),
    );
  });
});

await describeWith(['redis-server', 'syslog-ng'], 'while Redis is away, syslog-ng', () => {
  const page = new Page('syslog-ng.md');

  it('keeps over TCP what is not taken', async () => {
    const taken = page.settings('syslog_tcp');
    Object.assign(taken.ingest!.receivers!.syslog_tcp!, SMALL);
    await during(taken, (outage) =>
      losesNothing(
        outage,
        () => isFull(outage.statuslens),
        (log) =>
          startSyslogNg(
            outage.folder,
            replaced(page.block('syslog-ng', '  syslog(\n'), {
              'statuslens.example.com': '127.0.0.1',
              'port(5514)': `port(${outage.statuslens.receiver('syslog_tcp').port})`,
              '/var/log/nginx/storage.json': log,
            }),
          ),
      ),
    );
  });

  it('sends again with http() what was refused, and is told nothing but 202 and 503', async () => {
    await during(page.settings(), async (outage) => {
      let told = 0;
      /** Once more than when it was asked last. */
      const isRefused = async (): Promise<boolean> => {
        const before = told;
        told = (await answers(outage.statuslens)).get('503') ?? 0;
        return told > before;
      };
      await losesNothing(
        outage,
        isRefused,
        (log) =>
          startSyslogNg(
            outage.folder,
            replaced(page.block('syslog-ng', '  http(\n'), {
              'http://statuslens.example.com:8080': outage.statuslens.ingest,
              '/var/log/nginx/storage.json': log,
              'time-reopen(5)': 'time-reopen(1)',
            }),
          ),
        2,
      );
      expect([...(await answers(outage.statuslens)).keys()].sort()).toEqual(['202', '503']);
    });
  });
});

/** Lines before, while and after Redis is away are counted once each. @param outages one after the other */
async function losesNothing(
  outage: Outage,
  isFelt: () => Promise<boolean>,
  start: (log: string) => Promise<{ kill(signal: 'SIGTERM'): Promise<unknown> }>,
  outages = 1,
): Promise<void> {
  const { statuslens, folder } = outage;
  const lines = accessLines(ALL);
  const log = folder.write('storage.json', textOf(lines.slice(0, BEFORE)));
  const shipper = await start(log);
  await statuslens.counted(BEFORE);
  for (let i = 0; i < outages; i++) {
    const from = BEFORE + (i * DURING) / outages;
    await outage.begin();
    appendFileSync(log, textOf(lines.slice(from, from + DURING / outages)));
    await until('the outage is felt', isFelt);
    await outage.end();
  }
  await statuslens.counted(ALL).finally(() => shipper.kill('SIGTERM'));
  await expectCounted(statuslens, ALL);
  expect(await droppedLines(statuslens)).toEqual([]);
}

/** So many bytes wait to be stored. */
async function isFull({ ingest }: RunningStatuslens, bytes = 64 * 1024): Promise<boolean> {
  const page = await (await fetch(`${ingest}/metrics`)).text();
  return Number(/^statuslens_ingest_buffered_bytes\{.*\} (\d+)/m.exec(page)?.[1]) >= bytes;
}

/** How often senders were told each status. */
async function answers({ ingest }: RunningStatuslens): Promise<ReadonlyMap<string, number>> {
  const page = await (await fetch(`${ingest}/metrics`)).text();
  const found = page.matchAll(/^statuslens_ingest_requests_total\{.*code="(\d+)".*\} (\d+)/gm);
  const sums = new Map<string, number>();
  for (const [, code = '', times] of found) sums.set(code, (sums.get(code) ?? 0) + Number(times));
  return sums;
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
