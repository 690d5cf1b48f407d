import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { answerOf } from './answer-of-process.js';
import { endOfFile, sizeOf } from './end-of-file.js';
import { mendFile } from './mended-file.js';
import { runtimeSocket } from './runtime-socket.js';

/** A redis-server to run. */
export interface RedisProgram {
  command: string;
  /** What to merge into its environment. */
  env: Record<string, string>;
}

export interface EmbeddedRedisOptions extends RedisProgram {
  /** Where its data, its lock and its log lie. */
  dataDir: string;
  /** Where its socket lies; `$XDG_RUNTIME_DIR` or the folder for temporary files unless given. */
  runtimeDir?: string;
  appendfsync: 'always' | 'everysec';
}

export interface EmbeddedRedis {
  /** The path of its unix socket. */
  socket: string;
  pid: number;
  /** Ends it in order and waits until it is gone. */
  stop(): Promise<void>;
  /** Its exit code once it is gone, or null if a signal ended it. */
  exited: Promise<number | null>;
}

/** Another Redis runs on the same data; a second one would corrupt it. */
export class AlreadyRunning extends Error {
  constructor(dataDir: string) {
    super(`Another statuslens is running on the data in ${dataDir}. Stop that one, or use another folder.`);
    this.name = 'AlreadyRunning';
  }
}

/** What flock exits with when somebody else holds the lock. */
const LOCKED = 75;

/**
 * Starts a private redis-server: no TCP port, a socket for this user only, one at a time per data folder, and
 * it never outlives this process, however that ends.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  const socket = await runtimeSocket(dataDir, options.runtimeDir);
  const log = join(dataDir, 'redis.log');
  const logStart = await sizeOf(log);
  const { child, exited } = await spawnServer({ ...options, dataDir }, socket, log);
  const died = exited.then(async (code) => {
    throw code === LOCKED ? new AlreadyRunning(dataDir) : await endedEarly(code, log, logStart);
  });
  await answerOrKill(child, socket, died);
  await mendFile(socket, log, logStart);
  return { socket, pid: pidOf(child), exited, stop: () => stop(child, exited) };
}

/** The server's process, and its end: listened for from the start, since a refused one ends within milliseconds. */
interface Server {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
}

async function spawnServer(options: EmbeddedRedisOptions, socket: string, log: string): Promise<Server> {
  const file = await open(log, 'a', 0o600);
  try {
    const child = spawn('flock', locked(options, socket), {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', file.fd, file.fd],
      // Ctrl-C goes to the whole group of a terminal: outside of it, Redis stays until its owner has drained.
      detached: true,
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await once(child, 'spawn');
    return { child, exited };
  } catch (cause) {
    throw new Error(NO_FLOCK, { cause });
  } finally {
    await file.close();
  }
}

const NO_FLOCK =
  'The embedded Redis needs flock and setpriv (package util-linux) on Linux. Elsewhere run a Redis yourself and set STATUSLENS_REDIS_URL.';

/** Each program becomes the next one, so the process that is started is the server, and the kernel unlocks. */
function locked({ command, dataDir, appendfsync }: EmbeddedRedisOptions, socket: string): string[] {
  const lock = ['-n', '-E', String(LOCKED), '-F', join(dataDir, 'lock')];
  const dieWithParent = ['setpriv', '--pdeathsig', 'KILL'];
  return [...lock, ...dieWithParent, command, ...serverArguments(dataDir, socket, appendfsync)];
}

function serverArguments(dataDir: string, socket: string, appendfsync: string): string[] {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: dataDir,
    appendonly: 'yes',
    appendfsync,
    // every payload passes through the AOF: from the 64 MB default, rewrites would never end
    'auto-aof-rewrite-min-size': '1gb',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function answerOrKill(child: ChildProcess, socket: string, died: Promise<never>): Promise<void> {
  try {
    await Promise.race([died, answerOf(pidOf(child), socket, died)]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

async function endedEarly(code: number | null, log: string, logStart: number): Promise<Error> {
  const lines = await endOfFile(log, logStart);
  const ending = code === null ? 'was killed' : `ended with exit code ${code}`;
  return new Error([`The embedded Redis ${ending}. Its log (tail -n 50 '${log}') ends:`, lines].join('\n'));
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  child.kill('SIGTERM');
  await exited;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The embedded Redis has no process.');
  return child.pid;
}
