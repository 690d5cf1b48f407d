import { choosing } from './choice.js';

/** How senders put lines into a body. */
const FRAMES: readonly ((lines: readonly string[]) => string)[] = [
  (lines) => lines.map((line) => `${line}\n`).join(''),
  (lines) => `\ufeff\r\n${lines.join('\r\n\r\n')}`,
  (lines) => JSON.stringify(lines),
  (lines) => lines.map((line) => JSON.stringify({ message: line, log: { offset: 1 } })).join('\n'),
  (lines) =>
    JSON.stringify(
      lines.map((line) => ({ log: `${line}\n`, stream: 'stdout' })),
      null,
      1,
    ),
  (lines) => lines.join(''),
  (lines) => `[${lines.join(',\n')}]`,
];

/** Some lines as bodies of every shape, each behind the byte that chooses what it is for. */
export const bodiesOf = (lines: readonly Buffer[], choice: number): Buffer[] =>
  FRAMES.map((frame) =>
    choosing(choice, Buffer.from(frame(lines.slice(0, 2).map((line) => line.toString())))),
  );
