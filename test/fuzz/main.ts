import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { LOG_LINES } from './corpus.js';
import { endToEnd } from './end-to-end.js';
import { fuzz, type Outcome } from './fuzz-run.js';
import { report, told } from './report.js';
import { inputsOf } from './shares.js';
import { TARGETS } from './targets/index.js';
import { Watchdog } from './watchdog.js';

/** `npm run test:fuzz -- [--inputs N] [--seed N] [--target NAME] [--report FILE]` */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    target: { type: 'string', default: '' },
    report: { type: 'string' },
  },
});

/** Requests to real processes, one for so many inputs of the targets. */
const END_TO_END = 'end-to-end';
const INPUTS_A_REQUEST = 2000;

const seed = Number(values.seed);
const targets = TARGETS.filter(({ name }) => name.startsWith(values.target));
const requests = END_TO_END.startsWith(values.target)
  ? Math.ceil(Number(values.inputs) / INPUTS_A_REQUEST)
  : 0;
if ((targets.length === 0 && requests === 0) || !(Number(values.inputs) > 0) || !Number.isInteger(seed)) {
  process.stderr.write(`known targets: ${[...TARGETS.map(({ name }) => name), END_TO_END].join(', ')}\n`);
  process.exit(2);
}

const shares = inputsOf(targets, Number(values.inputs));
const total = [...shares.values()].reduce((sum, inputs) => sum + inputs, 0);
process.stdout.write(`seed ${seed}, ${total} inputs for ${targets.length} targets, ${requests} requests\n`);
const bar = new SingleBar({
  format: '{bar} {value} of {total}, {eta_formatted} left: {target}',
  hideCursor: true,
});
if (process.stderr.isTTY) bar.start(total + requests, 0, { target: '' });
const watchdog = new Watchdog(targets, seed);
const outcomes: Outcome[] = [];
for (const target of targets) {
  const outcome = await fuzz(target, {
    seed,
    inputs: shares.get(target)!,
    strangers: LOG_LINES,
    onInput: watchdog.watch,
    onProgress: (inputs) => bar.increment(inputs, { target: target.name }),
  });
  outcomes.push(outcome);
  if (!process.stderr.isTTY) process.stderr.write(`${target.name}: ${outcome.inputs} inputs\n`);
  if (outcome.failure) process.stdout.write(`\n${told(outcome, seed)}`);
}
await watchdog.stop();
const sent =
  requests > 0 ? await endToEnd(seed, requests, () => bar.increment(1, { target: END_TO_END })) : undefined;
bar.stop();
const text = report(outcomes, sent, seed, new Date().toISOString().slice(0, 10));
process.stdout.write(text);
if (values.report !== undefined) write(values.report);
process.exitCode = outcomes.some(({ failure }) => failure) || (sent && sent.broken.length > 0) ? 1 : 0;

/** Into the page between the marks, or into a file of its own. */
function write(file: string): void {
  const [begin, end] = ['<!-- figures: begin -->', '<!-- figures: end -->'];
  const page = readPage(file);
  const [before, rest = ''] = page.split(begin, 2) as [string, string?];
  const [, after = ''] = rest.split(end, 2);
  writeFileSync(file, page.includes(begin) ? `${before}${begin}\n\n${text}\n${end}${after}` : text);
}

function readPage(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
