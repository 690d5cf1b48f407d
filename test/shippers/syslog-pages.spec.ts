import { describeWith } from '../harness/programs.js';
import { Authority } from '../harness/certificates.js';
import { countedOnce } from './counted-once.js';
import { Page, replaced } from './page.js';
import { startRsyslog, startSyslogNg } from './shipper-program.js';

await describeWith(['redis-server', 'rsyslogd', 'openssl'], 'rsyslog, as its page has it,', () => {
  const page = new Page('rsyslog.md');

  it.each([
    ['TCP', 'syslog_tcp', 'tcp_framing="octet-counted"', {}],
    ['UDP', 'syslog_udp', 'protocol="udp"', { atOnce: 250 }],
  ] as const)('sends every line over %s', async (_name, receiver, mark, pace) => {
    await countedOnce(
      page.settings(receiver),
      async (statuslens, folder, log) => {
        const rsyslog = await startRsyslog(
          folder,
          replaced(page.block('rsyslog', mark, 'port="5514"'), {
            'statuslens.example.com': '127.0.0.1',
            '"5514"': `"${statuslens.receiver(receiver).port}"`,
            '/var/spool/rsyslog': folder.path,
            '/var/log/nginx/storage.json': log,
          }),
        );
        return () => rsyslog.kill('SIGTERM');
      },
      pace,
    );
  });

  it('sends every line over TLS, with a certificate of its own', async () => {
    const authority = await Authority.create();
    const server = await authority.sign('localhost', 'DNS:localhost');
    const client = await authority.sign('rsyslog', 'DNS:rsyslog');
    const settings = page.settings('syslog_tls');
    settings.ingest!.receivers!.syslog_tls!.tls = { ...server, ca: authority.cert };
    try {
      await countedOnce(settings, async (statuslens, folder, log) => {
        const rsyslog = await startRsyslog(
          folder,
          replaced(page.block('rsyslog', 'StreamDriver="ossl"'), {
            'statuslens.example.com': 'localhost',
            '"6514"': `"${statuslens.receiver('syslog_tls').port}"`,
            '/var/spool/rsyslog': folder.path,
            '/var/log/nginx/storage.json': log,
            '/etc/rsyslog.d/ca.crt': authority.cert,
            '/etc/rsyslog.d/client.crt': client.cert,
            '/etc/rsyslog.d/client.key': client.key,
          }),
        );
        return () => rsyslog.kill('SIGTERM');
      });
    } finally {
      authority.remove();
    }
  });
});

await describeWith(['redis-server', 'syslog-ng'], 'syslog-ng, as its page has it,', () => {
  const page = new Page('syslog-ng.md');

  it.each(['syslog', 'network'])('sends every line with %s()', async (destination) => {
    await countedOnce(page.settings('syslog_tcp'), async (statuslens, folder, log) => {
      const syslogNg = await startSyslogNg(
        folder,
        replaced(page.block('syslog-ng', `  ${destination}(\n`), {
          'statuslens.example.com': '127.0.0.1',
          'port(5514)': `port(${statuslens.receiver('syslog_tcp').port})`,
          '/var/log/nginx/storage.json': log,
        }),
      );
      return () => syslogNg.kill('SIGTERM');
    });
  });

  it('sends every line with http()', async () => {
    await countedOnce(page.settings(), async (statuslens, folder, log) => {
      const syslogNg = await startSyslogNg(
        folder,
        replaced(page.block('syslog-ng', '  http(\n'), {
          'http://statuslens.example.com:8080': statuslens.ingest,
          '/var/log/nginx/storage.json': log,
        }),
      );
      return () => syslogNg.kill('SIGTERM');
    });
  });
});
