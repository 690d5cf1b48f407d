import { readFileSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Gateway, type Place, startGateway } from './gateway.js';

/** @param sections frontends, which listen on the port, and backends; HAProxy logs to syslog, over UDP */
export async function startHaproxy(sections: (place: Place) => string): Promise<Gateway> {
  let text = '';
  const syslog = createSocket('udp4')
    .unref()
    .on('message', (line) => (text += `${line.toString('latin1').trimEnd()}\n`));
  await once(syslog.bind(0, '127.0.0.1'), 'listening');
  const gateway = await startGateway({
    program: 'haproxy',
    configure(place) {
      const file = join(place.folder, 'haproxy.cfg');
      writeFileSync(file, configuration(syslog.address().port, sections(place)));
      return ['-db', '-f', file];
    },
    log: () => text,
  });
  const stop = async (): Promise<void> => {
    await gateway.stop();
    syslog.close();
  };
  return { ...gateway, stop };
}

/** `option dontlognull`: the connection that asks whether it listens is no request. */
const configuration = (syslogPort: number, sections: string): string => `
global
  log 127.0.0.1:${syslogPort} len 8192 format raw local0
  maxconn 200
defaults
  mode http
  log global
  option httplog
  option dontlognull
  timeout connect 1s
  timeout client 5s
  timeout server 1s
${sections}
`;

/** What users paste: all that the frontend is to capture. */
export const CAPTURES = `\n${pastedCaptures().join('\n')}`;

function pastedCaptures(): string[] {
  const blocks = readFileSync('docs/gateways/haproxy.md', 'utf8').matchAll(/```haproxy\n([\s\S]*?)```/g);
  return [...blocks]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => /^ {2}(declare )?(capture|http-request|http-response) /.test(line));
}
