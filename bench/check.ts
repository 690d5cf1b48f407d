import { readFileSync } from 'node:fs';
import { table } from './markdown.js';
import { allocatedPerLine } from './counts/allocations.js';
import { readsPerByte } from './counts/byte-reads.js';
import { redisPerBatch } from './counts/redis-work.js';

/**
 * `npm run bench:check`: work that can be counted, whatever the machine does beside it, against the bounds of
 * bench/bounds.json. Nothing is timed. Whoever makes the work more raises the bound and says why.
 */
const BOUNDS = 'bench/bounds.json';

const bounds = JSON.parse(readFileSync(BOUNDS, 'utf8')) as Readonly<Record<string, number>>;
const counted: Readonly<Record<string, number>> = {
  ...readsPerByte(),
  ...allocatedPerLine(),
  ...(await redisPerBatch()),
};

const names = [...new Set([...Object.keys(bounds), ...Object.keys(counted)])];
const problems = names.flatMap((name) => {
  const [count, bound] = [counted[name], bounds[name]];
  if (count === undefined) return [`${name} is in ${BOUNDS} and not counted any more`];
  if (bound === undefined) return [`${name} has no bound in ${BOUNDS}: it is ${count.toFixed(2)}`];
  return count > bound ? [`${name} is ${count.toFixed(2)}, more than its bound of ${bound}`] : [];
});
const cell = (value: number | undefined): string => value?.toFixed(2) ?? '';
process.stdout.write(
  `${table(
    ['', 'counted', 'bound'],
    names.map((name) => [name, cell(counted[name]), cell(bounds[name])]),
  )}\n`,
);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
