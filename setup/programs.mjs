// @ts-check
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execute } from './apt.mjs';
import { fetchPackages } from './debian-packages.mjs';
import { root } from './root.mjs';
import { unpackedProgram } from './unpacked-program.mjs';

/**
 * @typedef {object} About
 * @property {string[]} packages Debian packages to unpack; the first names the folder in the cache
 * @property {boolean} [dependencies] also unpack what the first one depends on and the machine has not
 * @property {boolean} [own] never the machine's own, which may lack what else is in `packages`
 * @property {string[]} [executables] its file names, where they differ from the program's name
 * @property {string[]} [version] arguments that make it print its version and end
 * @property {string[]} [mustRun] arguments with which it must end well here
 * @property {string} fedora
 * @property {string} macos
 * @property {string} [instead] another way out
 */
/** @typedef {About & import('./unpacked-program.mjs').Layout} Row */

/** @type {Record<string, Row>} */
const PROGRAMS = {
  'redis-server': {
    // redis-tools by name: redis-server is a link into it, even where the machine has its own redis-tools
    packages: ['redis-server', 'redis-tools'],
    dependencies: true,
    fedora: 'sudo dnf install redis',
    macos: 'brew install redis',
    instead: 'set STATUSLENS_REDIS_URL to the redis:// address of a Redis that you run',
  },
  promtool: {
    packages: ['prometheus'],
    fedora: 'sudo dnf install golang-github-prometheus',
    macos: 'brew install prometheus',
  },
  prometheus: {
    packages: ['prometheus'],
    fedora: 'sudo dnf install golang-github-prometheus',
    macos: 'brew install prometheus',
  },
  alertmanager: {
    packages: ['prometheus-alertmanager'],
    executables: ['prometheus-alertmanager', 'alertmanager'],
    // its default template, which it cannot do without
    looksFor: '/usr/share/prometheus/alertmanager',
    fedora: 'sudo dnf install golang-github-prometheus-alertmanager',
    macos: 'brew install alertmanager',
  },
  amtool: {
    packages: ['prometheus-alertmanager'],
    fedora: 'sudo dnf install golang-github-prometheus-alertmanager',
    macos: 'brew install alertmanager',
  },
  nginx: {
    packages: ['nginx'],
    dependencies: true,
    version: ['-v'],
    fedora: 'sudo dnf install nginx',
    macos: 'brew install nginx',
  },
  'nginx-with-modules': {
    packages: [
      'libnginx-mod-http-js',
      'nginx',
      'libnginx-mod-http-lua',
      'libnginx-mod-http-ndk',
      'lua-resty-core',
      'lua-resty-lrucache',
    ],
    dependencies: true,
    own: true,
    executables: ['nginx'],
    version: ['-v'],
    fedora: 'sudo dnf install nginx',
    macos: 'brew install nginx',
  },
  apache2: {
    packages: ['apache2-bin'],
    dependencies: true,
    executables: ['apache2', 'httpd'],
    version: ['-v'],
    fedora: 'sudo dnf install httpd',
    macos: 'brew install httpd',
  },
  strace: {
    packages: ['strace'],
    dependencies: true,
    version: ['-V'],
    // some containers forbid it
    mustRun: ['-qqq', '-o', '/dev/null', 'true'],
    fedora: 'sudo dnf install strace',
    macos: 'there is none',
  },
  haproxy: {
    packages: ['haproxy'],
    dependencies: true,
    version: ['-v'],
    fedora: 'sudo dnf install haproxy',
    macos: 'brew install haproxy',
  },
  caddy: {
    // one static file; what Debian lets it depend on serves `caddy trust` only
    packages: ['caddy'],
    version: ['version'],
    fedora: 'sudo dnf install caddy',
    macos: 'brew install caddy',
  },
  rsyslogd: {
    packages: ['rsyslog', 'rsyslog-openssl'],
    dependencies: true,
    own: true,
    version: ['-v'],
    finds: { RSYSLOG_MODDIR: 'usr/lib/*/rsyslog' },
    fedora: 'sudo dnf install rsyslog rsyslog-openssl',
    macos: 'there is none',
  },
  'syslog-ng': {
    packages: ['syslog-ng-core', 'syslog-ng-mod-http'],
    dependencies: true,
    own: true,
    finds: { SYSLOGNG_PREFIX: 'usr' },
    libraries: ['usr/lib/syslog-ng'],
    fedora: 'sudo dnf install syslog-ng syslog-ng-http',
    macos: 'brew install syslog-ng',
  },
  logger: {
    packages: ['bsdutils'],
    dependencies: true,
    fedora: 'sudo dnf install util-linux',
    macos: 'there is none that speaks RFC 5424',
  },
  curl: {
    packages: ['curl'],
    dependencies: true,
    fedora: 'sudo dnf install curl',
    macos: 'brew install curl',
  },
  'rsyslog-elasticsearch': {
    packages: ['rsyslog-elasticsearch', 'rsyslog'],
    dependencies: true,
    own: true,
    executables: ['rsyslogd'],
    version: ['-v'],
    fedora: 'sudo dnf install rsyslog-elasticsearch',
    macos: 'brew install rsyslog',
  },
  openssl: {
    packages: ['openssl'],
    dependencies: true,
    version: ['version'],
    fedora: 'sudo dnf install openssl',
    macos: 'brew install openssl',
  },
  mtail: {
    packages: ['mtail'],
    dependencies: true,
    fedora: 'sudo dnf install mtail',
    macos: 'brew install mtail',
  },
  goaccess: {
    packages: ['goaccess'],
    dependencies: true,
    fedora: 'sudo dnf install goaccess',
    macos: 'brew install goaccess',
  },
  jq: {
    packages: ['jq'],
    dependencies: true,
    fedora: 'sudo dnf install jq',
    macos: 'brew install jq',
  },
};

/** @typedef {{ command: string, env: Record<string, string>, cwd?: string }} Program */
/** @typedef {{ directories: string[], cache: string, aptGet: string }} Places */

// Debian keeps servers in sbin, which is not in everybody's PATH
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** @returns {Places} */
const usualPlaces = () => ({
  directories: [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...SBIN],
  cache: join(root, '.programs'),
  aptGet: 'apt-get',
});

/** @type {Map<string, Promise<void>>} */
const fetching = new Map();

/**
 * Where a program is, and the environment that it needs: the machine's own, else one unpacked from Debian's
 * packages into the project's cache. Nothing is installed on the machine.
 * @param {string} name
 * @param {Partial<Places>} [places]
 * @returns {Promise<Program>}
 */
export async function program(name, places) {
  const row = PROGRAMS[name];
  if (!row)
    throw new Error(`No program "${name}" is known; the known ones: ${Object.keys(PROGRAMS).join(', ')}.`);
  const { directories, cache, aptGet } = { ...usualPlaces(), ...places };
  const executables = row.executables ?? [name];
  const folder = join(cache, row.packages[0] ?? name);
  const found =
    (row.own ? undefined : await onTheMachine(executables, directories)) ??
    (await unpackedProgram(folder, executables, row)) ??
    (await fetched(name, row, folder, aptGet));
  if (row.mustRun) await mustRun(name, found, row.mustRun);
  return found;
}

/**
 * @param {string} name
 * @param {Program} found
 * @param {string[]} args
 */
async function mustRun(name, { command, env }, args) {
  await execute(command, args, root, env).catch((cause) => {
    throw new Error(`${name} is there, but may not do here what it is for: ${cause.message}`, { cause });
  });
}

/**
 * @param {string[]} executables
 * @param {string[]} directories
 * @returns {Promise<Program | undefined>}
 */
async function onTheMachine(executables, directories) {
  for (const path of directories.flatMap((directory) => executables.map((file) => join(directory, file)))) {
    if (await isExecutable(path)) return { command: path, env: {} };
  }
  return undefined;
}

/**
 * @param {string} name
 * @param {Row} row
 * @param {string} folder
 * @param {string} aptGet
 * @returns {Promise<Program>}
 */
async function fetched(name, row, folder, aptGet) {
  const executables = row.executables ?? [name];
  const proof = { ...row, executables, version: row.version ?? ['--version'] };
  try {
    // Two programs of one package are asked for at once; it is fetched once.
    const running = fetching.get(folder) ?? fetchPackages({ ...row, name, folder, aptGet, proof });
    fetching.set(folder, running);
    await running;
    const program = await unpackedProgram(folder, executables, row);
    if (!program) throw new Error(`Debian's package ${row.packages[0]} has no ${name}.`);
    return program;
  } catch (cause) {
    throw new Error(wayOut(name, row, cause), { cause });
  } finally {
    fetching.delete(folder);
  }
}

/**
 * @param {string} name
 * @param {Row} row
 * @param {unknown} cause
 */
function wayOut(name, row, cause) {
  const why = cause instanceof Error ? cause.message : String(cause);
  const ways = [
    `on Debian or Ubuntu: sudo apt-get install ${row.packages[0]}`,
    `on Fedora: ${row.fedora}`,
    `on macOS: ${row.macos}`,
    ...(row.instead ? [`or ${row.instead}`] : []),
  ];
  return [`${name} is not on this machine and could not be fetched: ${why}`, ...ways].join('\n  ');
}

/** @param {string} path */
async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
