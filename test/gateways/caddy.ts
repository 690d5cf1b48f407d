import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gateway, type Place, logFileIn, startGateway } from './gateway.js';

/** @param directives what the site does with a request */
export const startCaddy = (directives: (place: Place) => string): Promise<Gateway> =>
  startGateway({
    program: 'caddy',
    configure(place) {
      const file = join(place.folder, 'Caddyfile');
      writeFileSync(file, configuration(place, directives(place)));
      return ['run', '--config', file, '--adapter', 'caddyfile'];
    },
  });

const configuration = ({ port, folder }: Place, directives: string): string => `
{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  log {
    output file ${logFileIn(folder)}
    format json
  }
  ${directives}
}
`;
