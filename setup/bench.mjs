// @ts-check
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install } from './install.mjs';
import { root } from './root.mjs';
import { runScript } from './say.mjs';

const BENCHES = ['pipeline', 'memory'];

await runScript(async () => {
  const [name = 'pipeline'] = process.argv.slice(2);
  if (!BENCHES.includes(name))
    throw new Error(`there is no bench "${name}"; known are: ${BENCHES.join(', ')}`);
  install();
  build();
  await import(pathToFileURL(join(root, `dist/bench/${name}.bench.js`)).href);
});
