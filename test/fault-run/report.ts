import { cpus, release } from 'node:os';
import { ROLES, SYNC_DELAY_MS } from './deployment.js';
import type { Fault } from './faults.js';
import { acknowledgedAfter, doubled, lostBy, oldestLoss, PROMPT_SYNC } from './laws.js';
import { killsIn, sumOfLines, type Outcome, type SourceOutcome } from './outcome.js';
import type { Fsync } from './watched-redis.js';

type Cell = string | number;

const number = (value: number): string => Math.round(value).toLocaleString('en-US');
const row = (cells: readonly Cell[]): string =>
  `| ${cells.map((cell) => (typeof cell === 'number' ? number(cell) : cell)).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** docs/reliability.md, from the runs that were just made. */
export function report(outcomes: readonly Outcome[], date: Date): string {
  const [{ plan, versions }] = outcomes as [Outcome];
  return `# Reliability

Written by \`npm run test:faults -- --report docs/reliability.md\`: what is promised, how a run attacks it, and what was left.

## What is promised

- A line whose sender was told 202 is counted. With an \`Idempotency-Key\` exactly once, however often it is sent; without
  one at least once, and again for each request that was stored though its sender was not told 202.
- No counter on /metrics ever falls, and Prometheus shows what /metrics shows.
- Nothing is left behind: no job, no payload, no dead batch; accepted = committed + duplicate + dead batches.
- With \`appendfsync always\` this holds whatever is killed, paused, cut off or filled up, and when power is lost: Redis
  answers only what is synced.
- With \`appendfsync everysec\` Redis answers before it syncs, and begins a sync every second. **A power cut may take what was
  acknowledged in the last two seconds** (on a disk that needs longer than ${PROMPT_SYNC} ms for a sync: one second and two syncs;
  time in which Redis was stopped, by SIGSTOP or with its machine, does not count).
  SIGKILL of Redis alone takes nothing while the disk keeps up; while a sync lasts Redis keeps what it would write, for two
  seconds at most, and that goes with it ([aof.c](https://github.com/redis/redis/blob/7.0.15/src/aof.c), \`flushAppendOnlyFile\`).
  What a killed Redis had written is synced by the next one, a second after its first write: power that is lost before that
  takes it along, so that two ends in a row may take as much as two. Nothing older is lost, nothing is counted twice, and
  counters still do not fall: lines that were shown stay shown.

**After a power cut** give Redis \`BGREWRITEAOF\` once, or \`redis-check-aof --fix\` before it starts. Redis (7.0.15 here) cuts off
half a command at the end of its file, but not the \`MULTI\` before it, and at its *next* start executes half a transaction
([valkey#4342](https://github.com/valkey-io/valkey/pull/4342)): a run without this counted one batch twice. The run gives the
command; the Redis of \`npm start\` is given it by itself.

## How it is attacked

Ingest, two workers, an exporter, redis-server and a Prometheus run as processes of their own. Four sources are sent to as
log shippers send: numbered lines in gzip, batch after batch, each again until it is told 202; one source sends no keys. Faults
come one after the other, in an order drawn from a seed: SIGKILL of every process, SIGSTOP past the lock of a worker,
connections to Redis cut and delayed, Redis filled to its memory limit, power cuts of Redis alone and of everything.

**A power cut** is SIGKILL, then each append-only file is cut back to what Redis had synced. What that was, strace tells:
every \`write\` and \`fdatasync\` of Redis is seen, so the length that a finished sync covers is known to the byte. Two cuts in
three take all that was not synced; the others leave some, which ends in the middle of a command. Each sync of the disk is
made to take ${SYNC_DELAY_MS.everysec} ms longer (\`everysec\`) or ${SYNC_DELAY_MS.always} ms (\`always\`), for a quick disk would hide what can be lost.

At the end every batch that was acknowledged is looked up by its id, so "lost" is told batch by batch, with the time of its
acknowledgement: none may be older than the last finished sync (or write, where Redis was killed) and than the bound above.

## What was left

${date.toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Linux ${release().replace(/-.*/, '')}, Node ${process.versions.node}, Redis ${versions.redis}, Prometheus ${versions.prometheus}. All of
it, and strace, share the machine, so nothing here is a measurement of speed.

${table(
  ['', ...outcomes.map(({ plan: { fsync } }) => `\`${fsync}\``)],
  FIGURES.map(([name, figure]) => [name, ...outcomes.map(figure)]),
)}

${outcomes.map(sourcesOf).join('\n\n')}

${outcomes.map(endsOf).join('\n\n')}

## Again

\`\`\`sh
npm run test:faults -- --seed ${plan.seed} --lines ${plan.lines} --kills ${plan.kills}
\`\`\`

gives the same faults in the same order; what each of them hits differs from run to run. It ends with an error if a promise is
not kept. It needs Linux, and strace, redis-server and prometheus, which it unpacks from Debian's packages where they are
missing. A short form is part of \`npm test\`.

## What this does not prove

- A disk that says "synced" and is not, a file system that loses what was synced, a kernel that panics: a cut here keeps
  every synced byte, and what it keeps of the rest comes in order.
- What a power cut does to other files: the exporter's own (it is synced before it is shown, [decision 7](decisions/0007-counters-never-go-back.md)), the
  directories, the base files of Redis (it syncs them before it names them).
- Replicas, Sentinel and Cluster: what a failover may lose is up to Redis' asynchronous replication.
- Clocks that jump, and networks that change bytes.
`;
}

const sum = (outcome: Outcome, of: (source: SourceOutcome) => number): number =>
  outcome.sources.reduce((total, source) => total + of(source), 0);
const happened = ({ faults }: Outcome, ...names: string[]): number =>
  faults.filter(({ name }) => names.includes(name)).length;
const ofKind = ({ faults }: Outcome, kind: Fault['kind']): number =>
  faults.filter((fault) => fault.kind === kind).length;

const FIGURES: readonly (readonly [name: string, figure: (outcome: Outcome) => Cell])[] = [
  ['seed', ({ plan }) => String(plan.seed)],
  ['seconds', ({ seconds }) => seconds],
  ['lines acknowledged', (outcome) => sum(outcome, ({ acknowledged }) => acknowledged)],
  ['batches acknowledged', (outcome) => sum(outcome, ({ sent }) => sent.acknowledged.length)],
  ['kills and power cuts', ({ faults }) => killsIn(faults)],
  ...(['redis', ...ROLES] as const).map(
    (process) =>
      [
        `processes killed: ${process}`,
        ({ faults }: Outcome) => faults.filter(({ kills }) => kills.includes(process)).length,
      ] as const,
  ),
  ['power cuts: redis', (outcome) => happened(outcome, 'cut the power of redis')],
  ['power cuts: everything', (outcome) => happened(outcome, 'cut the power of everything')],
  ['pauses past the lock', (outcome) => ofKind(outcome, 'pause')],
  ['connections to Redis cut, delayed', (outcome) => ofKind(outcome, 'connection')],
  ['Redis filled to its limit', (outcome) => ofKind(outcome, 'memory')],
  ['requests refused (503)', (outcome) => sum(outcome, ({ sent }) => sent.refused)],
  ['requests without an answer', (outcome) => sum(outcome, ({ sent }) => sent.unanswered)],
  ['requests with nobody there', (outcome) => sum(outcome, ({ sent }) => sent.unreachable)],
  ['**acknowledged lines lost**', (outcome) => sum(outcome, ({ lost }) => sumOfLines(lost))],
  [
    'oldest of them, ms before the end of Redis',
    ({ sources, redisEnds }) =>
      oldestLoss(
        sources.flatMap(({ lost }) => lost),
        redisEnds,
      ),
  ],
  ['longest sync, ms', ({ longestSync }) => longestSync],
  ['**lines doubled, with keys**', (outcome) => sum(outcome, (one) => (one.keyed ? doubled(one) : 0))],
  ['lines doubled, without keys', (outcome) => sum(outcome, (one) => (one.keyed ? 0 : doubled(one)))],
  ['lines counted', (outcome) => sum(outcome, ({ counted }) => counted)],
  ['lines that Prometheus shows', (outcome) => sum(outcome, ({ inPrometheus }) => inPrometheus)],
  ['pages of /metrics read', ({ pages }) => pages],
  ['**counters that fell**', ({ backwards, resets }) => backwards.length + resets],
  ['jobs left', ({ leftJobs }) => leftJobs],
  ['orphaned payloads left', ({ leftPayloads }) => leftPayloads],
  ['dead batches', ({ dead }) => dead.length],
];

const sourcesOf = ({ plan, sources }: Outcome): string => `### Sources, \`${plan.fsync}\`

Lines. Without keys a line may count more than once, but no more often than it was in doubt: sent, and neither acknowledged
nor refused at once.

${table(
  [
    'source',
    'acknowledged',
    'counted = classified + rejected + ignored',
    'lost',
    'doubled',
    'in doubt',
    '/metrics',
    'Prometheus',
  ],
  sources.map((one) => [
    one.keyed ? one.source : `${one.source} (no key)`,
    one.acknowledged,
    `${number(one.counted)} = ${[one.classified, one.rejected, one.ignored].map(number).join(' + ')}`,
    sumOfLines(one.lost),
    doubled(one),
    one.keyed ? '' : one.sent.inDoubt,
    one.shown,
    one.inPrometheus,
  ]),
)}`;

const SINCE: Readonly<Record<Fsync, string>> = {
  always: 'had been synced; only their senders heard of it later.',
  everysec: 'may be lost.',
};

const endsOf = (outcome: Outcome): string => `### Every end of Redis, \`${outcome.plan.fsync}\`

Safe is what was written before a SIGKILL, until power is lost, and what was synced before a power cut. Lines that were
acknowledged since ${SINCE[outcome.plan.fsync]}

${table(
  [
    'end',
    'bytes of its file that went',
    'last safe write, ms before',
    'lines acknowledged since',
    'lines lost',
    'oldest, ms before',
  ],
  outcome.redisEnds.map((end) => [
    end.of === 'power' ? 'power cut' : 'SIGKILL',
    end.cutBytes,
    end.at - end.keptUntil,
    sumOfLines(acknowledgedAfter(outcome, end)),
    sumOfLines(lostBy(outcome, end)),
    oldestLoss(lostBy(outcome, end), [end]),
  ]),
)}`;
