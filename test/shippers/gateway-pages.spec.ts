import { startGateway } from '../gateways/gateway.js';
import { startNginx } from '../gateways/nginx.js';
import { describeWith } from '../harness/programs.js';
import { STATUSES } from './access-lines.js';
import { loggedOnce } from './counted-once.js';
import { Page, replaced } from './page.js';
import type { ShipperFolder } from './shipper-program.js';

const eachStatus = (directive: (status: number) => string): string => STATUSES.map(directive).join('\n');

await describeWith(['redis-server', 'nginx'], 'nginx, as its page has it,', () => {
  const page = new Page('nginx.md');

  it('logs every request over UDP', async () => {
    await loggedOnce(page.settings('syslog_udp'), (statuslens) =>
      startNginx(
        ({ port }) => `server {
          listen 127.0.0.1:${port};
          ${replaced(page.block('nginx'), {
            'statuslens.example.com:5514': `127.0.0.1:${statuslens.receiver('syslog_udp').port}`,
          })}
          ${eachStatus((status) => `location /${status}/ { return ${status} "x"; }`)}
        }`,
      ),
    );
  });
});

await describeWith(['redis-server', 'haproxy'], 'HAProxy, as its page has it,', () => {
  const page = new Page('haproxy.md');

  const startHaproxy = (folder: ShipperFolder, log: string) =>
    startGateway({
      program: 'haproxy',
      configure: ({ port }) => [
        '-db',
        '-f',
        folder.write(
          'haproxy.cfg',
          `${log}
defaults
  mode http
  log global
  option httplog
  option dontlognull
  timeout connect 1s
  timeout client 5s
  timeout server 1s
frontend storage
  bind 127.0.0.1:${port}
  capture request header Host len 128
  capture request header User-Agent len 128
  capture response header Retry-After len 32
${eachStatus((status) => `  http-request return status ${status} if { path_beg /${status}/ }`)}
`,
        ),
      ],
    });

  it.each([
    ['over TCP through a ring', 'syslog_tcp', 'ring statuslens'],
    ['over UDP', 'syslog_udp', 'log statuslens.example.com'],
  ] as const)('logs every request %s', async (_name, receiver, mark) => {
    await loggedOnce(page.settings('syslog_tcp', 'syslog_udp'), (statuslens, folder) =>
      startHaproxy(
        folder,
        replaced(page.block('haproxy', mark), {
          'statuslens.example.com:5514': `127.0.0.1:${statuslens.receiver(receiver).port}`,
        }),
      ),
    );
  });
});

await describeWith(['redis-server', 'caddy'], 'Caddy, as its page has it,', () => {
  const page = new Page('caddy.md');

  it('logs every request over TCP', async () => {
    await loggedOnce(page.settings('tcp'), (statuslens, folder) =>
      startGateway({
        program: 'caddy',
        configure: ({ port }) => [
          'run',
          '--adapter',
          'caddyfile',
          '--config',
          folder.write(
            'Caddyfile',
            `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  ${replaced(page.block('caddyfile'), {
    'statuslens.example.com:5170': `127.0.0.1:${statuslens.receiver('tcp').port}`,
  })}
  ${eachStatus((status) => `respond /${status}/* ${status}`)}
}
`,
          ),
        ],
      }),
    );
  });
});
