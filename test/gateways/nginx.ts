import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_FILE, type Gateway, type Place, logFileIn, startGateway } from './gateway.js';

const PAGE = 'docs/gateways/nginx.md';

/** @param servers what stands in the `http` block; each server listens on the port */
export const startNginx = (servers: (place: Place) => string): Promise<Gateway> =>
  startGateway({
    program: 'nginx',
    configure(place) {
      const file = join(place.folder, 'nginx.conf');
      writeFileSync(file, configuration(place, servers(place)));
      return ['-p', place.folder, '-c', file, '-e', join(place.folder, ERROR_FILE)];
    },
  });

const configuration = ({ folder }: Place, servers: string): string => `
daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/${ERROR_FILE};
events {}
http {
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${pastedLogFormat()}
  access_log ${logFileIn(folder)} json;
  ${servers}
}
`;

/** The one that users paste. */
function pastedLogFormat(): string {
  const lines = readFileSync(PAGE, 'utf8').split('\n');
  const format = lines.find((line) => line.startsWith('log_format json '));
  if (format === undefined) throw new Error(`${PAGE} has no log_format.`);
  return format;
}
