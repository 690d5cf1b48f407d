import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startProgram } from '../harness/child.js';
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

export const ERROR_FILE = 'errors.log';
export const logFileIn = (folder: string): string => join(folder, 'access.log');

/** Starts it and waits until it listens. */
export async function startGateway({ program, configure, log }: Launch): Promise<Gateway> {
  const found = await testProgram(program);
  const place = { folder: await mkdtemp(join(tmpdir(), 'statuslens-gateway-')), port: await freePort() };
  const { folder, port } = place;
  // Caddy keeps its state in HOME
  const child = startProgram(found, configure(place, found.command), { env: { HOME: folder }, cwd: folder });
  const stop = async (): Promise<void> => {
    await child.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  await listening(program, child, place).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const written = log ?? ((): string => readFileSync(logFileIn(folder), 'latin1'));
  return { port, log: (lines) => linesOf(program, written, lines), stop };
}

async function listening(program: string, child: Child, { port, folder }: Place): Promise<void> {
  const ended = child.exited.then(({ code, signal }) => {
    throw new Error(`${program} ended with ${code ?? signal}:\n${child.output}${errorsIn(folder)}`);
  });
  await Promise.race([until(`${program} listens`, () => isOpen(port)), ended]);
}

const linesOf = (program: string, log: () => string, lines: number): Promise<string> =>
  until(`${program} has logged ${lines} lines`, () => {
    const text = log();
    return text.split('\n').length > lines ? text : undefined;
  });

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
