import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../test/harness/child.js';
import { incidentLog } from '../test/harness/incident-log.js';
import { processUsage, type ProcessUsage } from '../test/harness/process-usage.js';

/**
 * How many lines `statuslens analyze` reads from a pipe in a second of processor time, and how much memory it takes, by what
 * is asked of it.
 * `npm run bench:analyze -- 10000` takes logs of 10,000 MB.
 */

const MEGABYTES = Number(process.argv[2] ?? 300);
const MB = 1024 ** 2;
const START = Date.parse('2026-11-20T00:00:00Z');
/** A day. */
const MINUTES = 1440;
const BYTES_PER_LINE = 740;
const CHUNK = MB;

if (!Number.isInteger(MEGABYTES) || MEGABYTES < 10)
  throw new Error(`${process.argv[2]} is no number of megabytes: give 10 or more`);

const folder = mkdtempSync(join(tmpdir(), 'statuslens-bench-'));
const asked: Readonly<Record<string, readonly string[]>> = {
  'nothing asked': [],
  '--conduct': ['--conduct'],
  '--by 5m, device, route, code': ['--by', '5m', '--by', 'device', '--by', 'route', '--by', 'code'],
  '--by consumer': ['--by', 'consumer'],
  '--openmetrics': ['--openmetrics', join(folder, 'bench.om')],
  '--html': ['--html', join(folder, 'bench.html')],
};

try {
  for (const [name, options] of Object.entries(asked)) await measure(name, options);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(name: string, options: readonly string[]): Promise<void> {
  const program = { command: process.execPath, env: {} };
  const args = ['dist/apps/cli/src/main.js', 'analyze', ...options, '-'];
  const child = startProgram(program, args, { moreInput: true });
  const requestsPerSecond = Math.max(1, Math.ceil((MEGABYTES * MB) / BYTES_PER_LINE / MINUTES / 60));
  let used: ProcessUsage = { memory: 0, peakMemory: 0, cpuSeconds: 0 };
  const look = (): ProcessUsage => (used = processUsage(child.pid) ?? used);
  let [lines, bytes, early] = [0, 0, 0];
  for (const chunk of chunks(incidentLog({ startMs: START, minutes: MINUTES, requestsPerSecond }))) {
    lines += chunk.lines;
    bytes += chunk.text.length;
    if (!child.stdin.write(chunk.text)) await once(child.stdin, 'drain');
    look();
    if (bytes < (MEGABYTES * MB) / 3) early = used.peakMemory;
    if (bytes >= MEGABYTES * MB) break;
  }
  child.stdin.end();
  const watch = setInterval(look, 10);
  const { code } = await child.exited;
  clearInterval(watch);
  if (code !== 0) throw new Error(child.output);
  console.log(
    `${name}: ${Math.round(lines / used.cpuSeconds)} lines per second of one core, ${lines} in ${Math.round(bytes / MB)} MB; ` +
      `memory at most ${Math.round(used.peakMemory / MB)} MB, in the first third ${Math.round(early / MB)} MB`,
  );
}

function* chunks(log: Iterable<string>): Generator<{ readonly text: string; readonly lines: number }> {
  let [text, lines] = ['', 0];
  for (const line of log) {
    text += `${line}\n`;
    lines++;
    if (text.length < CHUNK) continue;
    yield { text, lines };
    [text, lines] = ['', 0];
  }
  yield { text, lines };
}
