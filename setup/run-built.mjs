// @ts-check
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install } from './install.mjs';
import { root } from './root.mjs';
import { runScript } from './say.mjs';

/** `node setup/run-built.mjs SCRIPT [ARGUMENT…]`: sets everything up, then runs a script of dist/ in this process. */
await runScript(async () => {
  const [script = ''] = process.argv.splice(2, 1);
  install();
  build();
  await import(pathToFileURL(resolve(root, 'dist', script)).href);
});
