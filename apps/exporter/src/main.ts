import { settingsOrExit } from '#settings';
import { startExporter } from './start.js';

const settings = settingsOrExit(process.env, { needsRedis: true });
const app = await startExporter(settings);
app.enableShutdownHooks(undefined, { useProcessExit: true });
process.stdout.write(`exporter: scrape ${await app.getUrl()}/metrics\n`);
