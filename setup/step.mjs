// @ts-check
import { spawnSync } from 'node:child_process';
import { root } from './root.mjs';
import { say } from './say.mjs';

/**
 * Runs one npm script as a named step and tells how long it took.
 * @param {string} script
 * @param {string[]} [args]
 * @param {Record<string, string>} [env]
 * @returns {number} its exit code
 */
export function step(script, args = [], env = {}) {
  const started = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32', // npm is npm.cmd there
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${status === 0 ? 'ok    ' : 'FAILED'} ${script} (${seconds} s)`);
  return status ?? 1;
}
