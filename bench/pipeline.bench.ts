import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus } from 'node:os';
import { gzipSync } from 'node:zlib';
import { SingleBar } from 'cli-progress';
import { Ledger } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import { CLAIM_BOUNDS } from '../test/harness/claim-bounds.js';
import { startScript, type Child } from '../test/harness/child.js';
import { startRedis } from '../test/harness/redis.js';
import { writeSettings } from '../test/harness/settings.js';
import { until } from '../test/harness/until.js';

/**
 * How many lines a second go from HTTP through the queue into the ledger: three processes and a Redis that writes its
 * append-only file (`appendfsync always`) share the machine with the sender.
 */

const LINES_PER_BATCH = 4000;
const BATCHES = 100;
const SENDERS = 8;
const ROUNDS = 3;
/** A start-up on a busy machine is not what is measured. */
const PATIENT = { timeoutMs: 60_000 };
const SOURCES = ['pass_through', 'strict'] as const;
const ENCODINGS = ['gzip', 'raw'] as const;
type Encoding = (typeof ENCODINGS)[number];
type Variant = `${(typeof SOURCES)[number]} ${Encoding}`;
const VARIANTS = ENCODINGS.flatMap((encoding) => SOURCES.map((source): Variant => `${source} ${encoding}`));

const LOG = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8').trim().split('\n');

/** As many lines of the real log as asked for, over and over. */
const body = (lines: number): Buffer =>
  Buffer.from(Array.from({ length: lines }, (_, i) => `${LOG[i % LOG.length]}\n`).join(''));

const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });

function send(url: string, payload: Buffer, encoding: Encoding): Promise<void> {
  const headers = encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {};
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 202 ? resolve() : reject(new Error(`ingest answered ${answer.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

/** @returns lines a second from the first request to the last commit */
async function round(
  url: string,
  ledger: Ledger,
  payloads: Readonly<Record<Encoding, Buffer>>,
  variant: Variant,
  bar: SingleBar,
): Promise<number> {
  const [source, encoding] = variant.split(' ') as [string, Encoding];
  const counted = async (): Promise<number> => (await ledger.read()).get(`lines|${source}|classified`) ?? 0;
  const wanted = (await counted()) + BATCHES * LINES_PER_BATCH;
  const start = performance.now();
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next++ < BATCHES) {
      await send(`${url}/${source}`, payloads[encoding], encoding);
      bar.increment();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await until('all lines are counted', async () => (await counted()) >= wanted, { timeoutMs: 120_000 });
  return (BATCHES * LINES_PER_BATCH) / ((performance.now() - start) / 1000);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const redis = await startRedis({ appendonly: true, appendfsync: 'always' });
const config = writeSettings(redis.url, {
  privacy: { key: 'k'.repeat(64) },
  sources: Object.fromEntries(SOURCES.map((privacy) => [privacy, { format: 'nginx-json', privacy }])),
  worker: { listen: { port: 0 } },
});
const env = { STATUSLENS_CONFIG: config };
const apps: Child[] = ['worker', 'ingest'].map((app) =>
  startScript(`dist/apps/${app}/src/main.js`, [], { env }),
);
const client = connectPatiently({ url: redis.url });
try {
  const ledger = new Ledger(client, new Keys(), CLAIM_BOUNDS);
  await apps[0]!.line(/readyz/, PATIENT);
  const [, origin] = await apps[1]!.line(/(http:\S+?)\/ingest/, PATIENT);
  const raw = body(LINES_PER_BATCH);
  const payloads = { raw, gzip: gzipSync(raw) };
  const bar = new SingleBar({ format: '{bar} {value} of {total} batches', hideCursor: true });
  const results = Object.fromEntries(VARIANTS.map((variant) => [variant, [] as number[]])) as Record<
    Variant,
    number[]
  >;
  bar.start(ROUNDS * VARIANTS.length * BATCHES, 0);
  for (let i = 0; i < ROUNDS; i++)
    for (const variant of VARIANTS)
      results[variant].push(await round(`${origin}/ingest`, ledger, payloads, variant, bar));
  bar.stop();
  const bytes = Math.round(raw.length / LINES_PER_BATCH);
  console.log(
    `HTTP -> BullMQ/Redis (AOF, always) -> judgement -> ledger, ${LINES_PER_BATCH} lines of ${bytes} bytes a batch, ` +
      `one worker, ${cpus().length} cores, Node ${process.versions.node}, median of ${ROUNDS} rounds:`,
  );
  const rate = (variant: Variant): number => Math.round(median(results[variant]));
  for (const encoding of ENCODINGS) {
    const [open, strict] = [rate(`pass_through ${encoding}`), rate(`strict ${encoding}`)];
    console.log(
      `  ${encoding.padEnd(5)} ${open.toLocaleString('en')} lines/s passed through, ` +
        `${(strict / open).toFixed(2)} of that if strict: ${strict.toLocaleString('en')} lines/s`,
    );
  }
} finally {
  await Promise.all(apps.map((app) => app.kill('SIGTERM')));
  client.disconnect();
  agent.destroy();
  await redis.stop();
}
