import { Agent, request } from 'node:http';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SingleBar } from 'cli-progress';
import { endOfSlice } from '#conduct';
import { Ledger } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import { CLAIM_BOUNDS } from '../test/harness/claim-bounds.js';
import { startScript } from '../test/harness/child.js';
import { gatewayLine } from '../test/harness/gateway-line.js';
import { randomFrom } from '../test/harness/random.js';
import { startRedis } from '../test/harness/redis.js';
import { replaceSettings, writeSettings } from '../test/harness/settings.js';
import { until } from '../test/harness/until.js';
import { median } from './median.js';

/**
 * What it costs to follow callers: the same lines with `conduct.enabled` and without it, in turns, at several shares of
 * requests that fail. Measured as time and as processor time of the worker, from the first request until all lines are
 * counted and, with it, judged.
 */

const SHARES = [0.01, 0.1, 0.5];
const ROUNDS = 3;
const LINES_PER_BATCH = 4000;
const BATCHES = 50;
const LINES = LINES_PER_BATCH * BATCHES;
const SENDERS = 4;
const CALLERS = 500;
const DEVICES = 100;
const PATHS = 5000;
/** Failures that are sent again in the next batch. */
const REPEATED = 0.6;
/** Longer than it takes to send a round, so that all of it waits before any of it is judged. */
const LATE_AFTER_MS = 30_000;
/** So long before anything can be judged, the worker is watched being idle no more. */
const AHEAD_MS = 500;
const PATIENT = { timeoutMs: 120_000 };
const SOURCE = 'bench';

const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });

function send(url: string, payload: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers: { 'content-encoding': 'gzip' } }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 202 ? resolve() : reject(new Error(`ingest answered ${answer.statusCode}`)),
      );
    })
      .on('error', reject)
      .end(payload);
  });
}

/** So much time is in a batch. */
const BATCH_MS = 100;

/** Batches of a stretch of time that ends now; what failed in one is sent again in the next. */
function batches(share: number, seed: number): Buffer[] {
  const random = randomFrom(seed);
  const begin = Date.now() - BATCHES * BATCH_MS;
  let again: { address: string; path: string }[] = [];
  return Array.from({ length: BATCHES }, (_, batch) => {
    const repeats = again;
    again = [];
    const lines = Array.from({ length: LINES_PER_BATCH }, (_, i) => {
      const operation = repeats.pop() ?? {
        address: `10.1.${Math.floor(random() * CALLERS) >> 8}.${Math.floor(random() * 256)}`,
        path: `/v2/p1/instances/i${Math.floor(random() * DEVICES)}/tasks/${Math.floor(random() * PATHS)}`,
      };
      const fails = random() < share;
      if (fails && random() < REPEATED) again.push(operation);
      const at = begin + (batch + i / LINES_PER_BATCH) * BATCH_MS;
      return gatewayLine({ at, code: fails ? 503 : 200, ...operation });
    });
    return gzipSync(lines.join(''));
  });
}

interface Measured {
  readonly seconds: number;
  /** Of the worker's processor, until all was counted. */
  readonly counting: number;
  /** The same for what came later, without what an idle worker takes. */
  readonly judging: number;
  /** What waits in Redis for each line. */
  readonly bytesPerLine: number;
}

const redis = await startRedis({ appendonly: true, appendfsync: 'always' });
const settingsWith = (enabled: boolean) => ({
  sources: { [SOURCE]: { format: 'nginx-json' } },
  conduct: { enabled, max_bytes: '256MiB' },
  late_after: `${LATE_AFTER_MS}ms`,
});
const config = writeSettings(redis.url, settingsWith(true));
const env = { STATUSLENS_CONFIG: config };
const worker = startScript('dist/apps/worker/src/main.js', [], { env });
const ingest = startScript('dist/apps/ingest/src/main.js', [], { env });
const client = connectPatiently({ url: redis.url });
const keys = new Keys();
const ledger = new Ledger(client, keys, CLAIM_BOUNDS);
const counter = async (field: string): Promise<number> => (await ledger.read()).get(field) ?? 0;
const judged = async (): Promise<number> =>
  [...(await ledger.read())].reduce(
    (sum, [field, value]) => (/^conduct(Requests|Skipped)\|/.test(field) ? sum + value : sum),
    0,
  );

async function cpuSeconds(page: string): Promise<number> {
  const text = await (await fetch(`${page}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)![1]);
}

const dueAt = (slice: number): number => endOfSlice(slice) + LATE_AFTER_MS;

/** What the worker takes of its processor meanwhile. */
async function measuredCpu(page: string, work: () => Promise<unknown>) {
  const [cpu, start] = [await cpuSeconds(page), performance.now()];
  await work();
  return { cpu: (await cpuSeconds(page)) - cpu, seconds: (performance.now() - start) / 1000 };
}

async function setEnabled(enabled: boolean): Promise<void> {
  replaceSettings(config, redis.url, settingsWith(enabled));
  const before = worker.stdout.length;
  process.kill(worker.pid, 'SIGHUP');
  await until('the settings were read', () => worker.stdout.slice(before).includes('settings:'));
}

async function round(
  url: string,
  page: string,
  enabled: boolean,
  payloads: readonly Buffer[],
): Promise<Measured> {
  const wanted = (await counter(`lines|${SOURCE}|classified`)) + LINES;
  const wantedJudged = (await judged()) + LINES;
  const [cpu, start] = [await cpuSeconds(page), performance.now()];
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < payloads.length) await send(url, payloads[next++]!);
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await until('all is counted', async () => (await counter(`lines|${SOURCE}|classified`)) >= wanted, PATIENT);
  const seconds = (performance.now() - start) / 1000;
  const counting = (await cpuSeconds(page)) - cpu;
  if (!enabled) return { seconds, counting, judging: 0, bytesPerLine: 0 };
  const bytes = Number(await client.hget(keys.conduct(SOURCE), 'bytes'));
  const slices = await client.zrange(`${keys.conduct(SOURCE)}:slices`, '0', '-1');
  if (slices.length === 0) throw new Error('it was judged before it was measured');
  const idle = await measuredCpu(page, () => pause(dueAt(Number(slices[0])) - AHEAD_MS - Date.now()));
  const busy = await measuredCpu(page, () =>
    until('all is judged', async () => (await judged()) >= wantedJudged, PATIENT),
  );
  const judging = busy.cpu - (idle.cpu / idle.seconds) * busy.seconds;
  return { seconds, counting, judging, bytesPerLine: bytes / LINES };
}

try {
  const [, page] = await worker.line(/(http:\S+?)\/readyz/, PATIENT);
  const [, origin] = await ingest.line(/(http:\S+?)\/ingest/, PATIENT);
  const url = `${origin}/ingest/${SOURCE}`;
  const bar = new SingleBar({ format: '{bar} {value} of {total} rounds', hideCursor: true });
  bar.start((SHARES.length * ROUNDS + 1) * 2, 0);
  const rows = [
    'failures  lines/s without  with  us a line: counting  steps  judging   all  bytes a line in Redis',
  ];
  for (const share of SHARES) {
    const results: { off: Measured; on: Measured }[] = [];
    for (let i = share === SHARES[0] ? 0 : 1; i <= ROUNDS; i++) {
      const measured: Measured[] = [];
      for (const enabled of [false, true]) {
        await setEnabled(enabled);
        measured.push(await round(url, page!, enabled, batches(share, i)));
        bar.increment();
      }
      // the first one warms up
      if (i > 0) results.push({ off: measured[0]!, on: measured[1]! });
    }
    const micros = (seconds: number): number => (seconds / LINES) * 1e6;
    const middle = (of: (one: { off: Measured; on: Measured }) => number): number => median(results.map(of));
    rows.push(
      [
        `${share * 100} %`.padStart(8),
        Math.round(middle(({ off }) => LINES / off.seconds))
          .toLocaleString('en')
          .padStart(15),
        middle(({ off, on }) => off.seconds / on.seconds).toFixed(2),
        middle(({ off }) => micros(off.counting))
          .toFixed(1)
          .padStart(22),
        middle(({ off, on }) => micros(on.counting - off.counting))
          .toFixed(1)
          .padStart(5),
        middle(({ on }) => micros(on.judging))
          .toFixed(1)
          .padStart(7),
        middle(({ off, on }) => off.counting / (on.counting + on.judging)).toFixed(2),
        middle(({ on }) => on.bytesPerLine)
          .toFixed(1)
          .padStart(21),
      ].join('  '),
    );
  }
  bar.stop();
  console.log(
    `HTTP (gzip) -> Redis (AOF, always) -> worker -> ledger, ${LINES} lines a round, ` +
      `${cpus().length} cores, Node ${process.versions.node}, medians of ${ROUNDS} rounds, by share of failures:`,
  );
  console.log(rows.join('\n'));
} finally {
  await Promise.all([worker, ingest].map((app) => app.kill('SIGTERM')));
  client.disconnect();
  agent.destroy();
  await redis.stop();
}
