import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** The first block of JavaScript under a heading of a page, as users paste it. */
export function programOnPage(page: string, heading: string): string {
  const [, below] = `\n${readFileSync(page, 'utf8')}`.split(`\n${heading}\n`, 2);
  const block = below && /^```js\n(.*?)^```$/ms.exec(below)?.[1];
  if (!block) throw new Error(`${page} has no block of JavaScript under "${heading}"`);
  return block;
}

/** Reads lines, hands each to `emit`, and says at the end how many its server has taken. */
const DRIVER = `
import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) emit(line);
await flush();
console.log('accepted ' + accepted());
process.exit(0);
`;

/** A client in a process of its own: the program of a page, and a driver that gives it lines. */
export class PageProgram {
  private output = '';
  private readonly child: ChildProcess;

  /** @param driver declares `emit(line)`, `flush()` and `accepted()` in the words of the program */
  constructor(program: string, driver: string) {
    this.child = spawn(process.execPath, ['--input-type=module', '-e', program + driver + DRIVER]);
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
  }

  send(lines: readonly string[]): void {
    this.child.stdin!.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Has it flush and end. @returns how many lines were taken, as far as it was told */
  async end(): Promise<number> {
    const ended = once(this.child, 'close');
    this.child.stdin!.end();
    await ended;
    const accepted = /^accepted (\d+)$/m.exec(this.output)?.[1];
    if (accepted === undefined) throw new Error(`the client ended and printed:\n${this.output}`);
    return Number(accepted);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
