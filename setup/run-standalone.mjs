// @ts-check
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install } from './install.mjs';
import { program } from './programs.mjs';
import { root } from './root.mjs';

/**
 * Sets everything up, then runs a script of apps/standalone in this very process, so that whatever ends this one
 * ends all of it.
 * @param {string} script
 */
export async function runStandalone(script) {
  install();
  build();
  if (!process.env.STATUSLENS_REDIS_URL)
    process.env.STATUSLENS_REDIS_SERVER = JSON.stringify(await program('redis-server'));
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(join(root, 'dist/apps/standalone/src', script)).href);
}
