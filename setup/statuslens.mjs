#!/usr/bin/env node
// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install } from './install.mjs';
import { root } from './root.mjs';
import { runScript } from './say.mjs';

await runScript(async () => {
  // Without sources, as in a container image, dist/ is all there is and complete.
  if (existsSync(join(root, 'tsconfig.json'))) {
    install();
    build();
  }
});
if (process.exitCode === undefined) {
  process.setSourceMapsEnabled(true);
  await import(new URL('../dist/apps/cli/src/main.js', import.meta.url).href);
}
