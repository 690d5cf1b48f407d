import { readFileSync, readdirSync } from 'node:fs';
import { statuslens } from '../../../test/harness/command-line.js';

const TRANSCRIPTS = 'apps/cli/test-data';
const WIDTH = 100;

interface Entry {
  readonly command: string;
  readonly input: string;
  readonly expected: string;
}

/**
 * `$ command`, lines of its standard input behind `< `, all that it prints, and `exit CODE`. Output on standard error
 * stands behind that on standard output. Lines are wrapped at 100 columns.
 */
function entriesOf(transcript: string): Entry[] {
  return transcript
    .split(/^\$ /m)
    .slice(1)
    .map((entry) => {
      const [command = '', ...lines] = entry.trimEnd().split('\n');
      const input = lines.filter((line) => line.startsWith('< ')).map((line) => `${line.slice(2)}\n`);
      return {
        command,
        input: input.join(''),
        expected: lines.slice(input.length).join('\n'),
      };
    });
}

/** Lines for people broken at blanks; those for programs stay whole. */
const wrapped = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('{"') ? line : line.replace(/(.{0,99}\S)(?: +|$)/g, '$1\n').trimEnd()))
    .join('\n');

describe.each(readdirSync(TRANSCRIPTS).filter((name) => name.endsWith('.txt')))('transcript %s', (name) => {
  const entries = entriesOf(readFileSync(`${TRANSCRIPTS}/${name}`, 'utf8'));

  it.each(entries.map((entry): [string, Entry] => [entry.command, entry]))(
    '$ %s prints this to the letter',
    async (_, { command, input, expected }) => {
      const { code, stdout, stderr } = await statuslens(argumentsOf(command), { input });
      expect(`${wrapped(`${stdout}${stderr}`).trimEnd()}\nexit ${code}`.trimStart()).toBe(expected);
    },
  );

  it('has no line that a terminal of 100 columns would break, except for addresses', () => {
    const long = entries
      .flatMap(({ expected }) => expected.split('\n'))
      .filter((line) => line.length > WIDTH && !line.includes('https://') && !line.startsWith('{'));
    expect(long).toEqual([]);
  });
});

/** Words of a command line; quotes keep blanks together. */
const argumentsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!).slice(1);
