import { cpus, release } from 'node:os';
import type { EndToEnd } from './end-to-end.js';
import type { Outcome } from './fuzz-run.js';
import { literal } from './shrink.js';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The figures of a run, as a part of a page of Markdown. @param date such as 2026-11-21 */
export const report = (
  outcomes: readonly Outcome[],
  sent: EndToEnd | undefined,
  seed: number,
  date: string,
): string =>
  [
    `Run on ${date}, seed ${seed}: ${cpus().length} cores, Linux ${release().replace(/-.*/, '')}, Node ${process.version}.`,
    '',
    '| target | inputs | seconds | inputs/s | broken promises |',
    '|---|---:|---:|---:|---:|',
    ...outcomes.map(({ target, inputs, seconds, failure }) => row(target, inputs, seconds, failure ? 1 : 0)),
    row(
      '**all**',
      outcomes.reduce((sum, { inputs }) => sum + inputs, 0),
      outcomes.reduce((sum, { seconds }) => sum + seconds, 0),
      outcomes.filter(({ failure }) => failure).length,
    ),
    '',
    ...(sent ? ofProcesses(sent) : []),
  ].join('\n');

const row = (target: string, inputs: number, seconds: number, broken: number): string =>
  `| ${[target, number(inputs), number(seconds), number(inputs / seconds), broken].join(' | ')} |`;

const ofProcesses = ({ answers, batches, lines, broken, seconds }: EndToEnd): string[] => [
  `Requests to real processes: ${number([...answers.values()].reduce((sum, count) => sum + count, 0))} in ` +
    `${number(seconds)} s. Answers: ${listed([...answers].sort(([a], [b]) => a - b))} (0: the connection ended ` +
    'without one, for bytes that are no HTTP).',
  `Batches: ${listed(Object.entries(batches))}. Lines: ${listed(Object.entries(lines))}.`,
  broken.length === 0 ? 'Every promise was kept.' : `Broken promises: ${broken.join('; ')}.`,
  '',
];

const listed = (counts: readonly (readonly [name: string | number, count: number])[]): string =>
  counts.map(([name, count]) => `${name} ${number(count)}`).join(', ');

/** What somebody needs who is to mend it. */
export function told({ target, failure }: Outcome, seed: number): string {
  const { message, after, found, input } = failure!;
  return [
    `${target} broke its promise, seed ${seed}, after ${after} inputs: ${message}`,
    `  with (${found.length} bytes, shrunk to ${input.length}) ${literal(input)}`,
    `  again: npm run test:fuzz -- --target ${target} --seed ${seed} --inputs …`,
    '',
  ].join('\n');
}
