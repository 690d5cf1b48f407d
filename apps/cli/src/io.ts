import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes; tests pass their own. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable & { isTTY?: boolean };
  readonly stderr: Writable & { isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Exit codes: 0 done, 1 something in the input was wrong, 2 the call itself was. */
export type ExitCode = 0 | 1 | 2;

/** A subcommand. `args` are those behind its name. @throws UsageError */
export interface Command {
  readonly usage: string;
  readonly about: string;
  /** What the options mean, for `--help` alone. */
  readonly options?: readonly string[];
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}

/** The call is wrong; the message says how, and the usage what is allowed. */
export class UsageError extends Error {}

/** The call is right, but what it reads is damaged or not there. */
export class UnreadableInput extends Error {}

/** One line of JSON that a terminal cannot obey: JSON.stringify escapes none of these but the first 32. */
export const jsonLine = (value: object): string => `${JSON.stringify(value).replace(UNSEEN, escaped)}\n`;

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (one: string): string =>
  one
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
