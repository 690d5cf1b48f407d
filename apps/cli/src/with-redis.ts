import { realpath } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import type { LogBatch } from '#batches';
import { DeadBatches } from '#ledger';
import { Keys, connectOnce, placeOf, runtimeSocket } from '#redis';
import { redisDataDir, type Settings } from '#settings';
import { UnreadableInput, type Io } from './io.js';
import { knownSettings } from './known-settings.js';

/** What a command works with that looks into Redis. */
export interface Reached {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly settings: Settings;
  readonly dead: DeadBatches<LogBatch>;
}

/**
 * Runs a command on the Redis of the settings, or on that of a running `npm start`.
 * @throws UnreadableInput with a sentence if it cannot be reached or refuses
 */
export async function withRedis<T>(
  config: string | undefined,
  io: Io,
  work: (reached: Reached) => Promise<T>,
): Promise<T> {
  const settings = knownSettings(config, io);
  const redis = await reach(settings);
  const keys = new Keys();
  try {
    return await work({ redis, keys, settings, dead: new DeadBatches(redis, keys, settings.claims) });
  } catch (error) {
    throw isOfRedis(error as Error) ? new UnreadableInput(`Redis: ${(error as Error).message}`) : error;
  } finally {
    redis.disconnect();
  }
}

async function reach(settings: Settings): Promise<Redis> {
  const { access } = settings.redis;
  const where = access ?? { url: await embeddedUrl(settings) };
  return connectOnce(where).catch((error: Error) => {
    const hint = access === undefined ? `; ${settings.file} names no redis.url: is npm start running?` : '';
    throw new UnreadableInput(`cannot reach Redis at ${placeOf(where)}: ${error.message}${hint}`);
  });
}

/** The socket of the Redis that `npm start` runs. */
async function embeddedUrl(settings: Settings): Promise<string> {
  const { file, redis } = settings;
  const dataDir = await realpath(redisDataDir(settings)).catch(() => {
    throw new UnreadableInput(
      `cannot reach Redis: ${file} names no redis.url, STATUSLENS_REDIS_URL is not set, and npm start has no ${redis.data} beside that file`,
    );
  });
  return `unix://${await runtimeSocket(dataDir)}`;
}

const isOfRedis = ({ name, message }: Error): boolean =>
  ['ReplyError', 'AbortError', 'MaxRetriesPerRequestError'].includes(name) ||
  /^(Connection is closed|Command timed out)/.test(message);
