import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Program } from '#programs';
import { until } from './until.js';

export interface ChildOptions {
  /** Merged into this process's environment. */
  env?: Record<string, string>;
  cwd?: string;
  /** Written to its stdin, which is then closed. */
  input?: string | Buffer;
  /** Leaves stdin open for more. */
  moreInput?: boolean;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();

/** A process that a test started, and all it has printed. It ends with the tests at the latest. */
export class Child {
  stdout = '';
  stderr = '';
  readonly exited: Promise<Ending>;
  private ending: Ending | undefined;

  constructor(private readonly child: ChildProcess) {
    running.add(child);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // 'close' comes when the output has been read to its end, too
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }));
    });
    this.exited
      .then((ending) => (this.ending = ending))
      .catch(() => {}) // whoever waits for the end hears of it
      .finally(() => running.delete(child));
  }

  /** For a child that was started with `moreInput`. */
  get stdin(): Writable {
    return this.child.stdin!;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.child.spawnfile} did not start.`);
    return this.child.pid;
  }

  /** Everything printed so far, on stdout and stderr. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  /** The first match of a pattern in a whole line of its output; an error as soon as none can come any more. */
  async line(pattern: RegExp, options?: { timeoutMs?: number }): Promise<RegExpMatchArray> {
    const command = this.child.spawnargs.join(' ');
    const found = await until(
      `${command} prints ${pattern}`,
      () => this.match(pattern) ?? this.ending ?? this.stillPrinting(),
      options,
    );
    if (Array.isArray(found)) return found;
    throw new Error(`${command} ended with ${found.code ?? found.signal} and printed:\n${this.output}`);
  }

  /** Sends a signal and waits until the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Ending> {
    this.child.kill(signal);
    return this.exited;
  }

  private stillPrinting(): never {
    throw new Error(`it has printed so far:\n${this.output}`);
  }

  private match(pattern: RegExp): RegExpMatchArray | undefined {
    const lines = [this.stdout, this.stderr].flatMap((text) => text.split('\n').slice(0, -1));
    return lines.map((line) => line.match(pattern)).find((found) => found !== null) ?? undefined;
  }
}

/** Starts a program. */
export function startProgram(
  { command, env, cwd }: Program,
  args: string[],
  options: ChildOptions = {},
): Child {
  const [executable = command, ...rest] = endingWithThisProcess(command, args);
  const child = spawn(executable, rest, {
    cwd: options.cwd ?? cwd,
    env: { ...process.env, ...env, ...options.env },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => {}); // it may end before it has read all of its input
  if (!options.moreInput) child.stdin.end(options.input);
  return new Child(child);
}

/** Starts a script of dist/, named by its path from the project's folder. */
export function startScript(script: string, args: string[] = [], options: ChildOptions = {}): Child {
  const node = { command: process.execPath, env: {} };
  return startProgram(node, ['--enable-source-maps', resolve(script), ...args], options);
}

/** On Linux the kernel sees to it, even when a test run is killed. */
function endingWithThisProcess(command: string, args: string[]): string[] {
  const watched = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : [];
  return [...watched, command, ...args];
}

function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

process.once('exit', endAll);
if (typeof afterAll === 'function') afterAll(endAll);
