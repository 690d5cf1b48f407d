import type { Child } from '../harness/child.js';
import { startPageScript } from './page-script.js';

/** Reads lines, hands each to `emit`, and says at the end how many its server has taken. */
const DRIVER = `
import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) emit(line);
await flush();
console.log('accepted ' + accepted());
process.exit(0);
`;

/** A client in a process of its own: the program of a page, and a driver that gives it lines. */
export class PageClient {
  private readonly child: Child;

  /** @param driver declares `emit(line)`, `flush()` and `accepted()` in the words of the program */
  constructor(program: string, driver: string) {
    this.child = startPageScript(program, driver + DRIVER, { moreInput: true });
  }

  send(lines: readonly string[]): void {
    this.child.stdin.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Has it flush and end. @returns how many lines were taken, as far as it was told */
  async end(): Promise<number> {
    this.child.stdin.end();
    await this.child.exited;
    const { output } = this.child;
    const accepted = /^accepted (\d+)$/m.exec(output)?.[1];
    if (accepted === undefined) throw new Error(`the client ended and printed:\n${output}`);
    return Number(accepted);
  }

  kill(): void {
    void this.child.kill();
  }
}
