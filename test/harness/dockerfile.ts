import { readFileSync } from 'node:fs';

/** Instructions of the Dockerfile with their arguments, continued lines joined. */
export const instructions = readFileSync('Dockerfile', 'utf8')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): [string, string] => [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1)]);

export const argumentsOf = (instruction: string): string[] =>
  instructions.filter(([name]) => name === instruction).map(([, text]) => text);

/** The variables that the image runs its processes with. */
export const imageEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    argumentsOf('ENV').flatMap((text) =>
      [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    ),
  ) as Record<string, string>;
