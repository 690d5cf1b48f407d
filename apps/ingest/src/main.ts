import { depart, endOnSignal, followSettings } from '#lifecycle';
import { settingsOrExit } from '#settings';
import { OpenReceivers } from './receivers/open-receivers.js';
import { startIngest } from './start.js';

const settings = settingsOrExit(process.env, { needsRedis: true });
followSettings(settings);
const app = await startIngest(settings, { processMetrics: true });
endOnSignal(settings, (noticeMs) => depart(app, noticeMs));
process.stdout.write(`ingest: send logs to ${await app.getUrl()}/ingest/<source>\n`);
for (const line of app.get(OpenReceivers).lines) process.stdout.write(`ingest: ${line}\n`);
