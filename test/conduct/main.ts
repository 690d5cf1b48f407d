import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { KINDS } from './callers.js';
import { LOGS } from './log-lines.js';
import { measure, type Measured } from './measure.js';
import { report } from './report.js';

/** `npm run test:conduct -- [--seed N] [--callers N] [--minutes N] [--report FILE]`: how often inferences are right. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '2026' },
    callers: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '60' },
    report: { type: 'string' },
  },
});

function wholeNumber(option: 'seed' | 'callers' | 'minutes'): number {
  const value = Number(values[option]);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${option} must be a whole number above 0, not "${values[option]}".`);
  return value;
}

function run(): void {
  const size = {
    seed: wholeNumber('seed'),
    callers: wholeNumber('callers'),
    minutes: wholeNumber('minutes'),
  };
  const bar = new SingleBar({ format: '  {bar} {value} of {total} logs: {kind}', clearOnComplete: true });
  if (process.stderr.isTTY) bar.start(KINDS.length * LOGS.length, 0, { kind: '' });
  const measured: Measured[] = [];
  for (const one of measure(size)) {
    measured.push(one);
    bar.increment(1, { kind: one.kind });
  }
  bar.stop();
  const text = report(measured, size, new Date());
  if (values.report === undefined) process.stdout.write(text);
  else writeFileSync(values.report, text);
}

try {
  run();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
