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

await describeWith(['redis-server', 'logger'], 'logger', () => {
  it.each([
    ['RFC 5424, counted, over TCP', 'syslog_tcp', ['--tcp', '--rfc5424', '--octet-count']],
    ['RFC 5424 over TCP', 'syslog_tcp', ['--tcp', '--rfc5424']],
    ['RFC 3164 over TCP', 'syslog_tcp', ['--tcp', '--rfc3164']],
    ['RFC 3164 over UDP', 'syslog_udp', ['--udp', '--rfc3164']],
  ] as const)('sends every line as %s', async (_name, receiver, options) => {
    await countedOnce(settings({ [receiver]: { port: 0 } }), async (statuslens, _folder, log) => {
      const port = String(statuslens.receiver(receiver).port);
      const args = [...options, '--server', '127.0.0.1', '--port', port, '--tag', 'gateway-access'];
      const logger = startProgram(await testProgram('logger'), [...args, '--size', '8192', '--file', log]);
      return () => logger.exited;
    });
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
