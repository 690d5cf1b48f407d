import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Examples that lie in the project: what is mutated. Paths from the project's folder. */

/** Every file below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path]));
}

/** The files below some folders, or at some paths, whose names end in a certain way. */
export const filesOf = (ending: string, ...places: readonly string[]): Buffer[] =>
  places
    .flatMap((place) => (statSync(place).isDirectory() ? filesIn(place) : [place]))
    .filter((path) => path.endsWith(ending))
    .map((path) => readFileSync(path));

const linesOf = (file: Buffer): string[] => file.toString('latin1').split('\n');

/** Lines of code in a page of Markdown: what pages of gateways show of logs. */
const shownLines = (page: Buffer): string[] =>
  [...page.toString('latin1').matchAll(/```\w*\n(.*?)```/gs)].flatMap(([, code]) => code!.split('\n'));

const SAMPLES_OF_A_FILE = 40;

/** Some lines of a file, from all over it. */
function sampled(lines: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(lines.length / SAMPLES_OF_A_FILE));
  return lines.filter((_, i) => i % step === 0);
}

/** Log lines of every gateway, each once, without its line break. */
export const LOG_LINES: readonly Buffer[] = [
  ...new Set(
    [
      ...filesOf('.log', 'libs/access-log/test-data', 'test/golden', 'apps/standalone/demo')
        .map(linesOf)
        .map(sampled),
      ...filesOf('.md', 'docs/gateways').map(shownLines),
    ]
      .flat()
      .filter((line) => line.trim() !== ''),
  ),
].map((line) => Buffer.from(line, 'latin1'));
