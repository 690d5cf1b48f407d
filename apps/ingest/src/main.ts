import { settingsOrExit } from '#settings';
import { startIngest } from './start.js';

const settings = settingsOrExit(process.env, { needsRedis: true });
const app = await startIngest(settings, { processMetrics: true });
app.enableShutdownHooks(undefined, { useProcessExit: true });
process.stdout.write(`ingest: send logs to ${await app.getUrl()}/ingest/<source>\n`);
