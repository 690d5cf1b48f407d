import { appendFileSync } from 'node:fs';
import { startRedis } from '../harness/redis.js';
import { describeWith } from '../harness/programs.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { accessLines, codesOf } from './access-lines.js';
import { Page, replaced, type PageSettings } from './page.js';
import { ShipperFolder, startRsyslog, startSyslogNg } from './shipper-program.js';

const LINES = 1000;
const SOURCE = 'source="storage-gateway"';

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Runs statuslens with the settings of a page, until as many lines are counted as were sent; each exactly once. */
async function counts(
  settings: PageSettings,
  send: (statuslens: RunningStatuslens, folder: ShipperFolder) => Promise<() => Promise<unknown>>,
): Promise<void> {
  const redis = await startRedis();
  const statuslens = await startStatuslens(redis.url, settings);
  const folder = await ShipperFolder.create();
  try {
    const stop = await send(statuslens, folder);
    const metrics = await statuslens.counted(LINES).finally(stop);
    expect(total(metrics, 'statuslens_lines_total', SOURCE, 'outcome="classified"')).toBe(LINES);
    for (const [code, count] of Object.entries(codesOf(LINES)))
      expect(`${code} ${total(metrics, 'statuslens_requests_total', SOURCE, `code="${code}"`)}`).toBe(
        `${code} ${count}`,
      );
    expect(await droppedLines(statuslens)).toEqual([]);
  } finally {
    await statuslens.stop();
    await folder.remove();
    await redis.stop();
  }
}

async function droppedLines(statuslens: RunningStatuslens): Promise<string[]> {
  const page = await (await fetch(`${statuslens.ingest}/metrics`)).text();
  return page.split('\n').filter((line) => /^statuslens_ingest_dropped_lines_total\{.* [^0]/.test(line));
}

const portOf = (statuslens: RunningStatuslens, name: 'syslog_tcp' | 'syslog_udp' | 'syslog_tls'): string =>
  String(statuslens.receiver(name).port);

await describeWith(['redis-server', 'rsyslogd'], 'rsyslog, as its page has it,', () => {
  const page = new Page('rsyslog.md');

  it.each([
    ['TCP', 'syslog_tcp', 'protocol="tcp"'],
    ['UDP', 'syslog_udp', 'protocol="udp"'],
  ] as const)('sends every line over %s', async (_name, receiver, mark) => {
    const holds = receiver === 'syslog_tcp' ? [mark, 'port="5514"'] : [mark];
    await counts(page.settings(receiver), async (statuslens, folder) => {
      const log = folder.write('storage.json', text(accessLines(LINES)));
      const rsyslog = await startRsyslog(
        folder,
        replaced(page.block('rsyslog', ...holds), {
          'statuslens.example.com': '127.0.0.1',
          '"5514"': `"${portOf(statuslens, receiver)}"`,
          '/var/spool/rsyslog': folder.path,
          '/var/log/nginx/storage.json': log,
        }),
      );
      return () => rsyslog.kill('SIGTERM');
    });
  });
});

await describeWith(['redis-server', 'syslog-ng'], 'syslog-ng, as its page has it,', () => {
  const page = new Page('syslog-ng.md');

  it.each(['syslog(', 'network('])('sends every line with %s)', async (destination) => {
    await counts(page.settings('syslog_tcp'), async (statuslens, folder) => {
      const log = folder.write('storage.json', text(accessLines(LINES)));
      const syslogNg = await startSyslogNg(
        folder,
        replaced(page.block('syslog-ng', `  ${destination}\n`), {
          'statuslens.example.com': '127.0.0.1',
          'port(5514)': `port(${portOf(statuslens, 'syslog_tcp')})`,
          '/var/log/nginx/storage.json': log,
        }),
      );
      return () => syslogNg.kill('SIGTERM');
    });
  });
});

void appendFileSync;
void until;
