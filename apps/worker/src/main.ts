import { settingsOrExit } from '#settings';
import { startWorker } from './start.js';

const settings = settingsOrExit(process.env, { needsRedis: true });
const app = await startWorker(settings, { processMetrics: true });
app.enableShutdownHooks(undefined, { useProcessExit: true });
process.stdout.write(`worker: status on ${await app.getUrl()}/readyz\n`);
