// @ts-check
import { runStandalone } from './run-standalone.mjs';
import { runScript } from './say.mjs';

await runScript(() => runStandalone('demo.js'));
