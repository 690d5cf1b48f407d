import { startProgram } from '../harness/child.js';
import { describeWith, testProgram } from '../harness/programs.js';
import { countedOnce } from './counted-once.js';
import type { PageSettings } from './page.js';

const settings = (receivers: object): PageSettings => ({
  ingest: {
    listen: { port: 0 },
    receivers: receivers as Record<string, Record<string, unknown>>,
    names: { 'gateway-access': 'storage-gateway' },
  },
  sources: { 'storage-gateway': { format: 'nginx-json' } },
});

/** How logger writes a message. */
const WAYS = [['--rfc5424', '--octet-count'], ['--rfc5424'], ['--rfc3164']];

await describeWith(['redis-server', 'logger'], 'logger', () => {
  it('sends every line of RFC 5424 and RFC 3164, counted and not, on one port', async () => {
    const receivers = settings({ syslog_tcp: { port: 0 } });
    await countedOnce(
      receivers,
      async (statuslens, _folder, log) => {
        const logger = await testProgram('logger');
        const port = String(statuslens.receiver('syslog_tcp').port);
        const args = [
          '--tcp',
          '--server',
          '127.0.0.1',
          '--port',
          port,
          '--tag',
          'gateway-access',
          '--file',
          log,
        ];
        const ends = WAYS.map((way) => startProgram(logger, [...args, ...way, '--size', '8192']).exited);
        return () => Promise.all(ends);
      },
      { times: WAYS.length },
    );
  });
});

await describeWith(['redis-server', 'curl'], 'curl', () => {
  it('sends a log to the path of its source', async () => {
    await countedOnce(settings({}), async ({ ingest }, _folder, log) => {
      const args = ['--silent', '--fail', '--data-binary', `@${log}`, `${ingest}/ingest/storage-gateway`];
      const curl = startProgram(await testProgram('curl'), args);
      return () => curl.exited;
    });
  });
});
