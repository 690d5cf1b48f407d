// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { constants } from 'node:os';
import { build, install } from './install.mjs';
import { program } from './programs.mjs';
import { root } from './root.mjs';

/**
 * Sets everything up, then runs a script of apps/standalone in the foreground with this process's arguments.
 * @param {string} script
 */
export async function runStandalone(script) {
  install();
  build();
  const path = join(root, 'dist/apps/standalone/src', script);
  const child = spawn(process.execPath, ['--enable-source-maps', path, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...(await redisServer()) },
  });
  process.exitCode = await exitCodeOf(child);
}

/** @returns {Promise<Record<string, string>>} */
async function redisServer() {
  if (process.env.STATUSLENS_REDIS_URL) return {};
  return { STATUSLENS_REDIS_SERVER: JSON.stringify(await program('redis-server')) };
}

/** @param {import('node:child_process').ChildProcess} child */
async function exitCodeOf(child) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => child.kill(signal));
  }
  const [code, signal] = await once(child, 'exit');
  return code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)];
}
