import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SingleBar } from 'cli-progress';
import { shiftToNow } from './demo-log.js';
import { demoTable, judgementsBetween } from './demo-table.js';
import { serveOrExit } from './serve.js';
import type { Standalone } from './start.js';

const DEMO = fileURLToPath(new URL('../../../../apps/standalone/demo/', import.meta.url));
const LINES_PER_BATCH = 10;
const PATIENCE_MS = 30_000;

const once = process.argv.includes('--once');
const { standalone, settings } = await serveOrExit({
  ...process.env,
  STATUSLENS_CONFIG: process.env['STATUSLENS_CONFIG'] ?? `${DEMO}statuslens.yaml`,
});

const before = await scrape(standalone);
const sent = await feed(standalone);
const page = await untilCounted(standalone, linesIn(before) + sent);
process.stdout.write(
  `${sent} lines of real gateway logs, each judged by the document of the vendor that answered.\n\n` +
    `${demoTable(
      judgementsBetween(before, page),
      settings.now.catalogue.files.map(({ vendor }) => vendor),
    )}\n\n`,
);
if (once) {
  await standalone.stop();
  process.exit(0);
}
process.stdout.write(
  `statuslens stays up: scrape ${standalone.exporterUrl}/metrics, send more to ${standalone.ingestUrl}/ingest/nginx, ` +
    'end with Ctrl-C.\n',
);

/** Sends the bundled logs, times moved to now. @returns how many lines */
async function feed({ ingestUrl }: Standalone): Promise<number> {
  const logs = [...settings.now.sources.keys()].map((source) => ({
    source,
    lines: shiftToNow(readFileSync(`${DEMO}${source}.log`, 'utf8'), Date.now())
      .trim()
      .split('\n'),
  }));
  const total = logs.reduce((sum, { lines }) => sum + lines.length, 0);
  const bar = new SingleBar({
    stream: process.stderr,
    format: 'sending {bar} {value} of {total} lines',
    hideCursor: true,
  });
  bar.start(total, 0);
  for (const { source, lines } of logs)
    for (let at = 0; at < lines.length; at += LINES_PER_BATCH) {
      const batch = lines.slice(at, at + LINES_PER_BATCH);
      const answer = await fetch(`${ingestUrl}/ingest/${source}`, { method: 'POST', body: batch.join('\n') });
      if (answer.status !== 202) throw new Error(`ingest answered ${answer.status}: ${await answer.text()}`);
      bar.increment(batch.length);
    }
  bar.stop();
  return total;
}

async function untilCounted(standalone: Standalone, wanted: number): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const page = await scrape(standalone);
    if (linesIn(page) >= wanted) return page;
    if (Date.now() > deadline)
      throw new Error(`only ${linesIn(page)} of ${wanted} lines were counted in time`);
  }
}

async function scrape({ exporterUrl }: Standalone): Promise<string> {
  return (await fetch(`${exporterUrl}/metrics`)).text();
}

function linesIn(page: string): number {
  return [...page.matchAll(/^statuslens_lines_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
