// @ts-check
import { program } from './programs.mjs';
import { say } from './say.mjs';

const NAMES = [
  'redis-server',
  'promtool',
  'prometheus',
  'alertmanager',
  'amtool',
  'openssl',
  'nginx',
  'nginx-with-modules',
  'apache2',
  'strace',
  'haproxy',
  'caddy',
  'rsyslogd',
  'syslog-ng',
  'logger',
  'curl',
  'rsyslog-elasticsearch',
];

/**
 * The programs that the tests run, for the environment of jest; null stands for one that cannot be had.
 * @returns {Promise<{ found: Record<string, import('./programs.mjs').Program | null>, missing: string[] }>}
 */
export async function testPrograms() {
  /** @type {Record<string, import('./programs.mjs').Program | null>} */
  const found = {};
  await Promise.all(NAMES.map(async (name) => (found[name] = await orNull(name))));
  return { found, missing: NAMES.filter((name) => found[name] === null) };
}

/** @param {string} name */
async function orNull(name) {
  return program(name).catch((error) => {
    say(`warning: ${error.message}`);
    return null;
  });
}
