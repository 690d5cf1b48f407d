import { cpus, release } from 'node:os';
import type { Outcome } from './fault-run.js';

const number = (value: number): string => value.toLocaleString('en-US');

const row = (...cells: (string | number)[]): string =>
  `| ${cells.map((cell) => (typeof cell === 'number' ? number(cell) : cell)).join(' | ')} |`;

/** docs/reliability.md, from runs that were just made. @param date such as 2026-11-21 */
export function report(outcomes: readonly Outcome[], date: string): string {
  return [
    '# Reliability',
    '',
    'Written by `npm run test:faults`; a shorter run with the same code is part of `npm test`. Real processes (ingest, two',
    'workers, exporter, redis-server, Prometheus), real senders that repeat until they are told 202, and a schedule of faults',
    'that follows from a seed: SIGKILL to every process, SIGSTOP past the lock of a worker, connections to Redis cut and',
    'delayed, Redis filled up to its memory limit.',
    '',
    'With `always` an acknowledged line is on disk: none may be lost, by SIGKILL or by a power cut. With `everysec` Redis may',
    'keep what it acknowledged in its own memory while a sync of the disk lasts, for two seconds at most',
    '([aof.c](https://github.com/redis/redis/blob/7.0.15/src/aof.c), `flushAppendOnlyFile`): a SIGKILL of Redis may then take',
    'lines of the two seconds before it, and no others. They are "at risk" below.',
    '',
    `Run on ${date}: ${cpus().length} cores, Linux ${release()}, Node ${process.version}.`,
    '',
    ...outcomes.flatMap(section),
  ].join('\n');
}

const section = ({ plan, ...outcome }: Outcome): string[] => [
  `## appendfsync ${plan.fsync}, seed ${plan.seed}`,
  '',
  `${number(outcome.kills)} processes killed in ${number(Math.round(outcome.seconds))} s: ` +
    [...outcome.faults]
      .sort()
      .map(([name, times]) => `${name} ${times}`)
      .join(', ') +
    '.',
  '',
  row(
    'source',
    'acknowledged',
    'counted',
    'in Prometheus',
    'classified + rejected + ignored',
    'requests',
    'refused',
    'without an answer',
    'lost',
    'at risk',
  ),
  row(...Array<string>(10).fill('---')),
  ...outcome.sources.map(
    ({ source, keyed, sent, counted, inPrometheus, classified, rejected, ignored, atRisk }) =>
      row(
        keyed ? source : `${source} (no Idempotency-Key)`,
        sent.acknowledged,
        counted,
        inPrometheus,
        [classified, rejected, ignored].map(number).join(' + '),
        sent.requests,
        sent.refused,
        `${number(sent.unanswered)} lines`,
        Math.max(0, sent.acknowledged - counted),
        plan.fsync === 'everysec' ? atRisk : 0,
      ),
  ),
  '',
  `${number(outcome.pages)} pages of /metrics were read meanwhile; counters that went backwards: ${outcome.backwards.length}. ` +
    `Left at the end: ${outcome.leftJobs} jobs, ${outcome.leftPayloads} payloads, ${outcome.dead.length} dead batches.`,
  '',
];

/** What a run promises; a sentence for each promise that was not kept. */
export function broken({ plan, kills, sources, backwards, leftJobs, leftPayloads, dead }: Outcome): string[] {
  const problems = sources.flatMap(({ source, keyed, sent, counted, inPrometheus, atRisk }) => {
    const least = sent.acknowledged - (plan.fsync === 'everysec' ? atRisk : 0);
    const most = keyed ? sent.acknowledged : sent.acknowledged + sent.unanswered;
    return [
      ...(counted < least ? [`${source}: ${sent.acknowledged - counted} acknowledged lines are lost`] : []),
      ...(counted > most ? [`${source}: ${counted - most} lines too many`] : []),
      ...(inPrometheus === counted
        ? []
        : [`${source}: Prometheus shows ${inPrometheus}, the ledger ${counted}`]),
    ];
  });
  if (kills < plan.kills) problems.push(`only ${kills} processes were killed`);
  if (backwards.length > 0) problems.push(`went backwards: ${backwards.slice(0, 3).join('; ')}`);
  if (leftJobs + leftPayloads > 0) problems.push(`left: ${leftJobs} jobs, ${leftPayloads} payloads`);
  problems.push(...dead.map((batch) => `dead: ${batch}`));
  return problems;
}
