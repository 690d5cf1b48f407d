import { depart, endOnSignal, followSettings } from '#lifecycle';
import { settingsOrExit } from '#settings';
import { startWorker } from './start.js';

const settings = settingsOrExit(process.env, { needsRedis: true });
followSettings(settings);
const app = await startWorker(settings, { processMetrics: true });
endOnSignal(settings, () => depart(app));
process.stdout.write(`worker: status on ${await app.getUrl()}/readyz\n`);
