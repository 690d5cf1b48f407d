import { request as post } from 'node:http';
import { connect } from 'node:net';
import { Queue } from 'bullmq';
import { BATCH_QUEUE } from '#batches';
import { DeadBatches, Ledger } from '#ledger';
import { LINE_OUTCOMES, ledgerField } from '#metric-names';
import { Keys, connectPatiently } from '#redis';
import { REFUSALS } from '../../apps/ingest/src/refusal.js';
import { CLAIM_BOUNDS } from '../harness/claim-bounds.js';
import { randomFrom } from '../harness/random.js';
import { startProgram, startScript, type Child } from '../harness/child.js';
import { testProgram } from '../harness/programs.js';
import { startRedis } from '../harness/redis.js';
import { writeSettings } from '../harness/settings.js';
import { freePort } from '../harness/free-port.js';
import { isAlive } from '../harness/process-alive.js';
import { until } from '../harness/until.js';
import { LOG_LINES } from './corpus.js';
import { bodiesOf } from './bodies.js';
import { strangeLine } from './exposition-text.js';
import { Mutator } from './mutator.js';
import { COMPRESSED } from './targets/payloads.js';

const SOURCES = ['first', 'second', 'guarded'];
const TOKEN = 's3cret-t0ken';
const ENCODINGS = [
  ...Array<undefined>(16).fill(undefined),
  'gzip',
  'zstd',
  'deflate',
  'identity',
  'br',
  'x-gzip',
];
const PARALLEL = 8;
const START_MS = 60_000;
const DRAIN_MS = 120_000;

/** What may be answered: that it is safe, or a row of the table of refusals; 400 and 431 are of Node's own parser. */
const ANSWERS = new Set<number>([202, 400, 431, ...Object.values(REFUSALS).map(({ status }) => status)]);

export interface EndToEnd {
  readonly seconds: number;
  readonly answers: ReadonlyMap<number, number>;
  /** Of all sources, by outcome of batches and of lines. */
  readonly batches: Readonly<Record<string, number>>;
  readonly lines: Readonly<Record<string, number>>;
  /** A sentence for each promise that was not kept. */
  readonly broken: readonly string[];
}

/** Sends hostile requests to real processes, then counts. @param onProgress told of each answer */
export async function endToEnd(
  seed: number,
  requests: number,
  onProgress: () => void = () => {},
): Promise<EndToEnd> {
  const started = performance.now();
  const redis = await startRedis({ appendonly: true });
  const ports = { ingest: await freePort(), worker: await freePort(), exporter: await freePort() };
  const roles = Object.keys(ports) as (keyof typeof ports)[];
  const config = writeSettings(redis.url, {
    ...Object.fromEntries(roles.map((role) => [role, { listen: { port: ports[role] } }])),
    sources: { first: {}, second: { format: 'combined' }, guarded: { auth: { bearer: TOKEN } } },
  });
  const children = roles.map((role) =>
    startScript(`dist/apps/${role}/src/main.js`, [], { env: { STATUSLENS_CONFIG: config } }),
  );
  try {
    for (const [i, role] of roles.entries())
      await children[i]!.line(new RegExp(`^${role}:`), { timeoutMs: START_MS });
    const answers = await send(seed, requests, ports.ingest, onProgress);
    const end = await counted(redis.url, ports.exporter, answers, children);
    return { answers, ...end, seconds: (performance.now() - started) / 1000 };
  } finally {
    for (const child of children) await child.kill('SIGTERM');
    await redis.stop();
  }
}

async function send(
  seed: number,
  requests: number,
  port: number,
  onProgress: () => void,
): Promise<Map<number, number>> {
  const answers = new Map<number, number>();
  const random = randomFrom(seed);
  const bodies = LOG_LINES.flatMap((_, i) =>
    i % 5 === 0 ? bodiesOf(LOG_LINES.slice(i), 0).map((body) => body.subarray(1)) : [],
  );
  const mutator = new Mutator(
    random,
    [...LOG_LINES, ...bodies, ...COMPRESSED.map(({ payload }) => payload)],
    LOG_LINES,
    [],
    64 * 1024,
  );
  let left = requests;
  const sender = async (): Promise<void> => {
    while (left-- > 0) {
      const code = mutator.chance(20) ? await sendRaw(port, mutator) : await sendOne(port, mutator);
      answers.set(code, (answers.get(code) ?? 0) + 1);
      onProgress();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, sender));
  return answers;
}

/** A request that HTTP allows, whatever is in it. @returns the status */
function sendOne(port: number, by: Mutator): Promise<number> {
  const encoding = by.pick(ENCODINGS);
  const source = by.chance(20) ? encodeURIComponent(by.word().toString('latin1')) : by.pick(SOURCES);
  const headers = {
    ...(encoding !== undefined && { 'content-encoding': encoding }),
    ...(by.chance(4) && { 'idempotency-key': headerText(by) }),
    ...(source === 'guarded' && { authorization: by.chance(3) ? headerText(by) : `Bearer ${TOKEN}` }),
    'content-type': by.chance(4) ? headerText(by) : 'application/json',
  };
  const body = by.next();
  const path = `/ingest/${source}`;
  return new Promise((resolve, reject) => {
    const sent = post({ port, path, method: 'POST', headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode!)).on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const headerText = (by: Mutator): string =>
  by
    .next()
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .slice(0, 300);

/** Bytes that may be no HTTP at all. @returns the status, or 0 if the connection ends without one */
function sendRaw(port: number, by: Mutator): Promise<number> {
  const line = by.pick(LOG_LINES).toString('latin1');
  const whole = `POST /ingest/first HTTP/1.1\r\nHost: a\r\nContent-Length: ${line.length}\r\nConnection: close\r\n\r\n${line}`;
  const bytes = Buffer.from(whole, 'latin1');
  for (let flips = by.below(6); flips > 0; flips--) bytes[by.below(bytes.length)] = by.below(256);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = (): void => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => {}).on('close', end);
    socket.end(bytes);
  });
}

/** Once the queue is empty. */
async function counted(
  redisUrl: string,
  exporterPort: number,
  answers: ReadonlyMap<number, number>,
  children: readonly Child[],
): Promise<Omit<EndToEnd, 'answers' | 'seconds'>> {
  const keys = new Keys();
  const redis = connectPatiently({ url: redisUrl });
  const queue = new Queue(BATCH_QUEUE, { connection: redis, prefix: keys.queuePrefix });
  try {
    const jobs = async (): Promise<number> =>
      Object.values(await queue.getJobCounts()).reduce((sum, count) => sum + count, 0);
    await until('the queue is empty', async () => (await jobs()) === 0, { timeoutMs: DRAIN_MS });
    const counters = await new Ledger(redis, keys, CLAIM_BOUNDS).read();
    const of = (metric: 'batches' | 'lines', outcome: string): number =>
      SOURCES.reduce((sum, source) => sum + (counters.get(ledgerField(metric, source, outcome)) ?? 0), 0);
    const table = (metric: 'batches' | 'lines', outcomes: readonly string[]): Record<string, number> =>
      Object.fromEntries(outcomes.map((outcome) => [outcome, of(metric, outcome)]));
    const batches = table('batches', ['accepted', 'committed', 'duplicate', 'dead']);
    const requests = [...counters].reduce(
      (sum, [field, n]) => (field.startsWith('requests|') ? sum + n : sum),
      0,
    );
    const page = await (await fetch(`http://127.0.0.1:${exporterPort}/metrics`)).text();
    const promtool = startProgram(await testProgram('promtool'), ['check', 'metrics'], { input: page });
    const judged = await promtool.exited;
    const kept = await new DeadBatches(redis, keys, CLAIM_BOUNDS).kept();
    const lines = table('lines', LINE_OUTCOMES);
    const strange = [...answers.keys()].filter((code) => code !== 0 && !ANSWERS.has(code));
    const laws: readonly (readonly [boolean, string])[] = [
      [strange.length === 0, `answers that no table has: ${strange.join(', ')}`],
      [children.every(({ pid }) => isAlive(pid)), 'a process has ended'],
      [
        batches['accepted'] === batches['committed']! + batches['duplicate']! + batches['dead']!,
        'accepted = committed + duplicate + dead',
      ],
      [batches['accepted']! >= (answers.get(202) ?? 0), 'a batch that was acknowledged was not accepted'],
      [kept.batches === batches['dead'], 'dead = kept'],
      [requests === lines['classified'], 'requests = classified lines'],
      [judged.code === 0, `promtool on /metrics: ${promtool.output}`],
      [strangeLine(page) === undefined, `a line of /metrics: ${strangeLine(page)}`],
    ];
    return { batches, lines, broken: laws.filter(([holds]) => !holds).map(([, sentence]) => sentence) };
  } finally {
    await queue.close();
    redis.disconnect();
  }
}
