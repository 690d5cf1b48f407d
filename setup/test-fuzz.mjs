// @ts-check
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install } from './install.mjs';
import { root } from './root.mjs';
import { runScript } from './say.mjs';

await runScript(async () => {
  install();
  build();
  await import(pathToFileURL(join(root, 'dist/test/fuzz/main.js')).href);
});
