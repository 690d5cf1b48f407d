import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { PARTS, type PartName } from './parts.js';
import type { Bench, Section } from './section.js';
import { machine } from './machine.js';
import { pageOf } from './page.js';
import { writeSettingsIn } from './analyzed.js';
import { writeTwins } from './twin-files.js';

/**
 * `npm run bench -- [--lines N] [--rounds N] [--minutes N] [--part NAME]… [--report FILE]`: everything that
 * docs/benchmarks.md tells, in one run on one machine. Some parts only are printed.
 */
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '10' },
    part: { type: 'string', multiple: true },
    report: { type: 'string', default: 'docs/benchmarks.md' },
  },
});

const REQUESTS_PER_SECOND = 5000;

function wholeNumber(option: 'lines' | 'rounds' | 'minutes'): number {
  const value = Number(values[option]);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${option} must be a whole number above 0, not "${values[option]}".`);
  return value;
}

function partsAsked(): PartName[] {
  const known = Object.keys(PARTS) as PartName[];
  const unknown = (values.part ?? []).filter((name) => !known.includes(name as PartName));
  if (unknown.length > 0) throw new Error(`--part must be one of: ${known.join(', ')}, not "${unknown[0]}".`);
  return known.filter((name) => values.part?.includes(name) ?? true);
}

async function run(folder: string): Promise<void> {
  const [lines, rounds, minutes] = [wholeNumber('lines'), wholeNumber('rounds'), wholeNumber('minutes')];
  const names = partsAsked();
  const bar = new SingleBar({
    format: '{bar} {percentage} % {doing}',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: true,
  });
  bar.start(names.length + 1, 0, { doing: 'writes the log' });
  const tell = (doing: string): void => bar.update({ doing });
  try {
    const log = { lines, endMs: Date.now(), requestsPerSecond: REQUESTS_PER_SECOND };
    const files = await writeTwins(folder, log, (done) => tell(`writes the log: ${done} of ${lines} lines`));
    writeSettingsIn(folder);
    const bench: Bench = { folder, files, lines, rounds, minutes, tell };
    const sections: Section[] = [];
    for (const name of names) {
      bar.increment(1, { doing: name });
      sections.push(await PARTS[name](bench));
    }
    bar.stop();
    if (values.part) process.stdout.write(`${sections.map(({ text }) => text).join('\n\n')}\n`);
    else writeFileSync(values.report, pageOf(await machine(), bench, sections, new Date()));
    for (const { what, wanted, measured, isKept } of sections.flatMap(({ targets }) => targets))
      process.stdout.write(`${isKept ? 'kept  ' : 'MISSED'} ${what}: ${measured} (${wanted})\n`);
  } finally {
    bar.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'statuslens-bench-'));
try {
  await run(folder);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
