import { Redis, type RedisOptions } from 'ioredis';

/**
 * Where Redis is: `redis://`, `rediss://` or `unix://` and the path of a socket.
 */
export type RedisUrl = string;

/** A command that Redis does not answer within this time has failed, so that senders are told within 2 s. */
const COMMAND_TIMEOUT_MS = 1500;

/** So long a person waits who has asked for something. */
const ONCE_TIMEOUT_MS = 5000;

/**
 * For requests that must be answered soon: commands fail at once while Redis is away, and in time when it hangs.
 * What has failed is not sent again when Redis is back: whoever asked has been told, and Redis may have lost what came
 * before. Check {@link isReady} before `Queue.add`, which would wait for a first connection without end.
 */
export const connectFailFast = (url: RedisUrl): Redis =>
  connect(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });

/** For workers: waits as long as Redis is away. BullMQ demands `maxRetriesPerRequest: null`. */
export const connectPatiently = (url: RedisUrl): Redis => connect(url, { maxRetriesPerRequest: null });

/**
 * For a program that runs once and has nothing to do without Redis.
 * @throws why Redis cannot be reached
 */
export async function connectOnce(url: RedisUrl): Promise<Redis> {
  const redis = new Redis(target(url), {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: ONCE_TIMEOUT_MS,
    commandTimeout: ONCE_TIMEOUT_MS,
    disconnectTimeout: 50, // the default keeps a process alive for 2 s after a connection that failed
  });
  // ioredis rejects with "Connection is closed."; the cause comes as an event
  let cause: Error | undefined;
  redis.on('error', (error: Error) => (cause ??= error));
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw cause ?? error;
  }
}

export const isReady = (redis: Redis): boolean => redis.status === 'ready';

function connect(url: RedisUrl, options: RedisOptions): Redis {
  const retryStrategy = (attempt: number): number => Math.min(attempt * 100, 1000);
  const redis = new Redis(target(url), { ...options, retryStrategy });
  // Without a listener ioredis prints every failed attempt; readiness tells of it instead.
  redis.on('error', () => {});
  return redis;
}

const target = (url: RedisUrl): string => url.replace(/^unix:\/\//, '');
