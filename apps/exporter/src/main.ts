import { depart, endOnSignal, followSettings } from '#lifecycle';
import { settingsOrExit } from '#settings';
import { startExporter } from './start.js';

const settings = settingsOrExit(process.env, { needsRedis: true });
followSettings(settings);
const app = await startExporter(settings);
endOnSignal(settings, () => depart(app));
process.stdout.write(`exporter: scrape ${await app.getUrl()}/metrics\n`);
