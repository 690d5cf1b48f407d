import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import type { Fsync } from './deployment.js';
import { faultRun, type Outcome } from './fault-run.js';
import { broken, report } from './report.js';

/** `npm run test:faults -- [--seed N] [--lines N] [--kills N] [--report FILE]`: the long form, in both fsync modes. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    lines: { type: 'string', default: '250000' },
    kills: { type: 'string', default: '50' },
    report: { type: 'string' },
  },
});

const outcomes: Outcome[] = [];
let problems = 0;
for (const fsync of ['always', 'everysec'] satisfies Fsync[]) {
  const plan = {
    seed: Number(values.seed),
    lines: Number(values.lines),
    kills: Number(values.kills),
    fsync,
    linesPerBatch: 200,
  };
  process.stdout.write(`appendfsync ${fsync}, seed ${plan.seed}\n`);
  const bar = new SingleBar({ format: '  {bar} {value} of {total} kills', hideCursor: true });
  bar.start(plan.kills, 0);
  const outcome = await faultRun(plan, (kills) => bar.update(kills));
  bar.stop();
  outcomes.push(outcome);
  for (const problem of broken(outcome)) {
    problems++;
    process.stdout.write(`  NOT KEPT: ${problem}\n`);
  }
}
const text = report(outcomes, new Date().toISOString().slice(0, 10));
if (values.report === undefined) process.stdout.write(text);
else writeFileSync(values.report, text);
process.exitCode = problems === 0 ? 0 : 1;
