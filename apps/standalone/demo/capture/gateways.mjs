// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { until } from './until.mjs';

/** @typedef {{ name: string, port: number, log: string, stop: () => Promise<void> }} Gateway */
/** @typedef {[number, number]} Nodes */

// The log_format that is captured with is the one that users paste.
const PAGE = new URL('../../../../docs/gateways/nginx.md', import.meta.url);
const LIMITED_AGENT = 'inventory-crawler';

/**
 * @param {string} folder
 * @param {Nodes} nodes
 */
export async function startNginx(folder, nodes) {
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, nginxConf(folder, port, nodes, await freePort()));
  return start('nginx', program('nginx'), ['-c', file, '-e', join(folder, 'nginx.err')], folder, port);
}

/**
 * @param {string} folder
 * @param {Nodes} nodes
 */
export async function startApache(folder, nodes) {
  const port = await freePort();
  const file = join(folder, 'apache.conf');
  writeFileSync(file, apacheConf(folder, port, nodes, await freePort()));
  return start('apache', program('apache2'), ['-f', file, '-DFOREGROUND'], folder, port);
}

/**
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder
 * @param {number} port
 * @returns {Promise<Gateway>}
 */
async function start(name, command, args, folder, port) {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  try {
    await until(() => child.exitCode !== null || isOpen(port), `${name} on port ${port}`);
    if (child.exitCode !== null) throw new Error(`${name} ended: ${errorsOf(folder, name)}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, port, log: join(folder, `${name}.log`), stop };
}

/**
 * @param {string} folder
 * @param {string} name
 */
const errorsOf = (folder, name) => readFileSync(join(folder, `${name}.err`), 'utf8').trim();

/** @param {string} name */
function program(name) {
  // Debian keeps servers in sbin, which is not in everybody's PATH
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  const found = directories.map((directory) => join(directory, name)).find(isExecutable);
  if (found) return found;
  throw new Error(
    `${name} is not on this machine. The capture needs both gateways; on Debian: sudo apt-get install nginx-light apache2\n` +
      'Their services are not needed: sudo systemctl disable --now nginx apache2',
  );
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await once(server.close(), 'close');
  return port;
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

function logFormat() {
  const line = readFileSync(PAGE, 'utf8')
    .split('\n')
    .find((one) => one.startsWith('log_format json '));
  if (!line) throw new Error(`${PAGE.pathname} has no log_format.`);
  return line;
}

/**
 * @param {string} folder
 * @param {number} port
 * @param {Nodes} nodes
 * @param {number} refusing a port that nobody listens on
 */
const nginxConf = (folder, port, [first, second], refusing) => `
daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.err;
events {}
http {
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${logFormat()}
  access_log ${folder}/nginx.log json;
  map $http_user_agent $limited { default ''; ~^${LIMITED_AGENT} $binary_remote_addr; }
  limit_req_zone $limited zone=with_429:1m rate=1r/s;
  limit_req_zone $limited zone=with_503:1m rate=1r/s;
  upstream api { server 127.0.0.1:${first}; }
  upstream identity { server 127.0.0.1:${first} max_fails=0; server 127.0.0.1:${second} max_fails=0; }
  proxy_read_timeout 1s;
  server { listen 127.0.0.1:${port} default_server; location / { proxy_pass http://api; } }
  server {
    listen 127.0.0.1:${port}; server_name cm.storage.example.net;
    location / { limit_req zone=with_503 burst=4 nodelay; proxy_pass http://api; }
  }
  server {
    listen 127.0.0.1:${port}; server_name dcs.ap-southeast-1.myhuaweicloud.com;
    location / { limit_req zone=with_429 burst=4 nodelay; limit_req_status 429; proxy_pass http://api; }
  }
  server {
    listen 127.0.0.1:${port}; server_name idm.example.net;
    location / { proxy_pass http://identity; proxy_next_upstream error timeout http_503; }
  }
  server {
    listen 127.0.0.1:${port}; server_name vsp2.storage.example.net;
    location / { proxy_pass http://127.0.0.1:${refusing}; }
  }
}
`;

const MODULES = ['mpm_event', 'authz_core', 'proxy', 'proxy_http'];

/**
 * @param {string} folder
 * @param {number} port
 * @param {Nodes} nodes
 * @param {number} refusing a port that nobody listens on
 */
const apacheConf = (folder, port, [node], refusing) => `
ServerRoot ${folder}
PidFile ${folder}/apache.pid
ServerName localhost
User www-data
Group www-data
Listen 127.0.0.1:${port}
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
ErrorLog ${folder}/apache.err
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D %{Retry-After}o %{Host}i" with_wait
CustomLog ${folder}/apache.log with_wait
ProxyTimeout 1
<VirtualHost 127.0.0.1:${port}>
  ProxyPass / http://127.0.0.1:${node}/
</VirtualHost>
<VirtualHost 127.0.0.1:${port}>
  ServerName vsp2.storage.example.net
  ProxyPass / http://127.0.0.1:${refusing}/
</VirtualHost>
`;
