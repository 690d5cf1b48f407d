import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../harness/child.js';
import { freePort } from '../harness/free-port.js';
import { testProgram } from '../harness/programs.js';
import { until } from '../harness/until.js';

/** A real gateway that a test has started. */
export interface Gateway {
  readonly port: number;
  /** Resolves to its whole log once as many lines are there. */
  log(lines: number): Promise<string>;
  stop(): Promise<void>;
}

/** Where a gateway is to listen, and a folder that is removed when it stops. */
export interface Place {
  readonly port: number;
  readonly folder: string;
}

/** How to run a gateway of one kind. */
export interface Launch {
  readonly program: string;
  /** Writes the configuration; returns the arguments that name it. */
  readonly configure: (place: Place, command: string) => string[];
  /** Its log, where that is no file. */
  readonly log?: () => string;
}

const LOG_FILE = 'access.log';
export const logFileIn = (folder: string): string => join(folder, LOG_FILE);

/** Starts it and waits until it listens. */
export async function startGateway({ program, configure, log }: Launch): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'statuslens-gateway-'));
  const port = await freePort();
  const found = await testProgram(program);
  const args = configure({ port, folder }, found.command);
  // Caddy keeps its state in HOME
  const child = startProgram(found, args, { env: { HOME: folder }, cwd: folder });
  const stop = async (): Promise<void> => {
    await child.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  const ended = child.exited.then(({ code, signal }) => {
    throw new Error(`${program} ended with ${code ?? signal}:\n${child.output}${errorsIn(folder)}`);
  });
  try {
    await Promise.race([until(`${program} listens`, () => isOpen(port)), ended]);
  } catch (error) {
    await stop();
    throw error;
  }
  ended.catch(() => {}); // from here on, it is stopped by order
  const written = log ?? ((): string => readFileSync(logFileIn(folder), 'latin1'));
  return { port, log: (lines) => linesOf(program, written, lines), stop };
}

const linesOf = (program: string, log: () => string, lines: number): Promise<string> =>
  until(`${program} has logged ${lines} lines`, () => {
    const text = log();
    return text.split('\n').length > lines ? text : undefined;
  });

export const ERROR_FILE = 'errors.log';

function errorsIn(folder: string): string {
  try {
    return readFileSync(join(folder, ERROR_FILE), 'utf8');
  } catch {
    return ''; // it ended before it had any, or prints them
  }
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
