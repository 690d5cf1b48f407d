import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { faultRun } from './fault-run.js';
import { broken } from './laws.js';
import type { Outcome, Plan } from './outcome.js';
import { report } from './report.js';
import type { Fsync } from './watched-redis.js';

/** `npm run test:faults -- [--seed N] [--lines N] [--kills N] [--report FILE]`: the long form, in both fsync modes. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    lines: { type: 'string', default: '250000' },
    kills: { type: 'string', default: '50' },
    report: { type: 'string' },
  },
});

function wholeNumber(option: 'seed' | 'lines' | 'kills'): number {
  const value = Number(values[option]);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${option} must be a whole number above 0, not "${values[option]}".`);
  return value;
}

async function runWithBar(plan: Plan): Promise<Outcome> {
  const format = '  {bar} {value} of {total} kills, {lines} lines acknowledged: {doing}';
  const bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true, stopOnComplete: true });
  bar.start(plan.kills, 0, { lines: 0, doing: 'starting' });
  try {
    return await faultRun(plan, ({ kills, ...payload }) => bar.update(kills, payload));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`The run was broken off: ${why}\nThe same faults again: --seed ${plan.seed}`, { cause });
  } finally {
    bar.stop();
  }
}

async function run(): Promise<void> {
  const [seed, lines, kills] = [wholeNumber('seed'), wholeNumber('lines'), wholeNumber('kills')];
  const outcomes: Outcome[] = [];
  for (const fsync of ['always', 'everysec'] satisfies Fsync[]) {
    process.stdout.write(
      `appendfsync ${fsync}, seed ${seed}, ${lines} lines of each source, ${kills} kills\n`,
    );
    const outcome = await runWithBar({ seed, lines, kills, fsync, linesPerBatch: 200 });
    outcomes.push(outcome);
    for (const problem of broken(outcome)) process.stdout.write(`  NOT KEPT: ${problem}\n`);
  }
  const text = report(outcomes, new Date());
  if (values.report === undefined) process.stdout.write(`\n${text}`);
  else writeFileSync(values.report, text);
  const problems = outcomes.flatMap(broken).length;
  if (problems > 0)
    throw new Error(`${problems} promises were not kept. The same faults again: --seed ${seed}`);
  process.stdout.write('Every promise was kept.\n');
}

await run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1); // and with it whatever still runs
});
