import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ERROR_FILE, type Gateway, type Place, logFileIn, startGateway } from './gateway.js';

const PAGE = 'docs/gateways/apache.md';
/** mpm_event closes a new connection in 100,000 unread when the machine is busy, and logs nothing; mpm_worker none. */
const MODULES = ['mpm_worker', 'authz_core', 'proxy', 'proxy_http'];
/** From the folder of the program: Debian, Fedora, Homebrew. */
const MODULE_FOLDERS = ['../lib/apache2/modules', '../lib64/httpd/modules', '../lib/httpd/modules'];
/** nobody; Apache refuses to serve as root. */
const NOBODY = 65_534;

/** @param hosts the virtual hosts; each stands on the port */
export const startApache = (hosts: (place: Place) => string): Promise<Gateway> =>
  startGateway({
    program: 'apache2',
    configure(place, command) {
      const file = join(place.folder, 'apache.conf');
      writeFileSync(file, configuration(place, moduleFolder(command), hosts(place)));
      return ['-f', file, '-X']; // one process: children would outlive one that is killed
    },
  });

const configuration = ({ folder, port }: Place, modules: string, hosts: string): string => `
ServerRoot "${folder}"
PidFile "${folder}/apache.pid"
ServerName localhost
Listen 127.0.0.1:${port}
${MODULES.map((name) => `LoadModule ${name}_module "${modules}/mod_${name}.so"`).join('\n')}
${process.getuid?.() === 0 ? `User "#${NOBODY}"\nGroup "#${NOBODY}"` : ''}
ErrorLog "${folder}/${ERROR_FILE}"
${pastedLogFormat()}
CustomLog "${logFileIn(folder)}" storage
${hosts}
`;

/** The one that users paste. */
function pastedLogFormat(): string {
  const lines = readFileSync(PAGE, 'utf8').split('\n');
  const format = lines.find((line) => line.startsWith('LogFormat '));
  if (format === undefined) throw new Error(`${PAGE} has no LogFormat.`);
  return format;
}

function moduleFolder(command: string): string {
  const folders = MODULE_FOLDERS.map((path) => join(dirname(realpathSync(command)), path));
  const found = folders.find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`${command} has no modules in ${folders.join(' or ')}.`);
  return found;
}
