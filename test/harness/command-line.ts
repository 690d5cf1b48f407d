import { Readable, Writable } from 'node:stream';
import { run } from '../../apps/cli/src/run.js';

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether standard output and standard error are a terminal. */
  readonly terminal?: boolean;
}

/** Runs one command line of statuslens in this process. */
export async function statuslens(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const { input = '', environment = {}, terminal = false } = surroundings;
  const stdout = Object.assign(new Collector(), { isTTY: terminal });
  const stderr = Object.assign(new Collector(), { isTTY: terminal, columns: 100 });
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)]);
  const code = await run(argv, { stdin, stdout, stderr, environment });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  private readonly chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}
