import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Program } from '#programs';
import { type Child, startProgram } from './child.js';
import { freePort } from './free-port.js';
import { testProgram } from './programs.js';

export interface RedisOptions {
  /** A free one unless given. */
  port?: number;
  /** A fresh one unless given; give the one of a Redis that ended to go on with its data. */
  dir?: string;
  appendonly?: boolean;
  appendfsync?: 'always' | 'everysec' | 'no';
  /** More arguments of redis-server. */
  args?: string[];
  /** A program that runs redis-server, whose command line follows these arguments, in its own process. */
  under?: { readonly program: Program; readonly args: readonly string[] };
}

export interface RunningRedis {
  port: number;
  dir: string;
  url: string;
  pid: number;
  /** Ends it at once and keeps its data. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it in order; removes its data unless its folder was given. */
  stop(): Promise<void>;
}

const RETRY_MS = 20;

/** Starts a real redis-server on 127.0.0.1 and waits until it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RunningRedis> {
  const port = options.port ?? (await freePort());
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'statuslens-redis-')));
  const child = await startServer(serverArguments(port, dir, options), options.under);
  const removeOwn = async (): Promise<void> => {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };
  await answer(port, child).catch(async (error: unknown) => {
    await removeOwn();
    throw error;
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => void (await child.kill(signal));
  return {
    port,
    dir,
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid,
    kill: (signal = 'SIGKILL') => end(signal),
    async stop() {
      await end('SIGTERM');
      await removeOwn();
    },
  };
}

async function startServer(args: string[], under: RedisOptions['under']): Promise<Child> {
  const server = await testProgram('redis-server');
  if (under === undefined) return startProgram(server, args);
  const env = Object.entries(server.env).map(([name, value]) => `${name}=${value}`);
  return startProgram(under.program, [...under.args, 'env', ...env, server.command, ...args]);
}

function serverArguments(port: number, dir: string, options: RedisOptions): string[] {
  const { appendonly = false, appendfsync = 'everysec', args = [] } = options;
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir];
  const durability = ['--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', appendfsync, '--save', ''];
  return [...where, ...durability, ...args];
}

async function answer(port: number, child: Child): Promise<void> {
  const redis = new Redis({
    port,
    host: '127.0.0.1',
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_MS,
    enableReadyCheck: false, // it believes what Redis expects, seconds, of a load that may be over sooner
    disconnectTimeout: RETRY_MS, // the default keeps a process alive for 2 s after a connection that failed
  });
  redis.on('error', () => {}); // until it listens
  try {
    await Promise.race([loaded(redis), endedEarly(child)]);
  } finally {
    redis.disconnect();
  }
}

async function loaded(redis: Redis): Promise<void> {
  for (;;) {
    const error = await redis.ping().then(
      () => undefined,
      (reason: Error) => reason,
    );
    if (error === undefined) return;
    if (!error.message.startsWith('LOADING')) throw error;
    await pause(RETRY_MS);
  }
}

async function endedEarly(child: Child): Promise<never> {
  const { code, signal } = await child.exited;
  throw new Error(`redis-server ended with ${code ?? signal}:\n${child.output}`);
}
