import { Redis, type RedisOptions } from 'ioredis';
import type { RedisAccess, SentinelAccess } from './access.js';
import { EnduringSentinelConnector } from './enduring-sentinel-connector.js';

/** A command that Redis does not answer within this time has failed, so that senders are told within 2 s. */
const COMMAND_TIMEOUT_MS = 1500;

/** So long a person waits who has asked for something. */
const ONCE_TIMEOUT_MS = 5000;

/**
 * A machine that is gone closes no connection. Longer than BullMQ's longest blocking command, 10 s, which is silent
 * while nothing is queued.
 */
const SILENCE_MS = 15_000;

/** For requests, which are never silent. */
const REQUEST_SILENCE_MS = 3000;

const retryStrategy = (attempt: number): number => Math.min(attempt * 100, 1000);

/**
 * For requests that must be answered soon: commands fail at once while Redis is away, and in time when it hangs.
 * What has failed is not sent again when Redis is back: whoever asked has been told, and Redis may have lost what came
 * before. Check {@link isReady} before `Queue.add`, which would wait for a first connection without end.
 */
export const connectFailFast = (access: RedisAccess): Redis =>
  connect(access, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: REQUEST_SILENCE_MS,
  });

/** For workers: waits as long as Redis is away. BullMQ demands `maxRetriesPerRequest: null`. */
export const connectPatiently = (access: RedisAccess): Redis =>
  connect(access, { maxRetriesPerRequest: null, socketTimeout: SILENCE_MS });

/**
 * For a program that runs once and has nothing to do without Redis.
 * @throws why Redis cannot be reached
 */
export async function connectOnce(access: RedisAccess): Promise<Redis> {
  const redis = open(access, {
    lazyConnect: true,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
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

/** Why the last attempt to connect failed, until one succeeds. */
const faults = new WeakMap<Redis, Error>();

/** Why a command failed: where there is no connection, why there is none. */
export const causeOf = (redis: Redis, error: Error): Error =>
  isReady(redis) ? error : (faults.get(redis) ?? error);

function connect(access: RedisAccess, options: RedisOptions): Redis {
  const redis = open(access, {
    ...options,
    retryStrategy,
    sentinelRetryStrategy: retryStrategy,
    reconnectOnError: isNoLongerMaster,
    failoverDetector: true, // a master that hangs, or is cut off, is left as soon as sentinels name another one
  });
  // Without a listener ioredis prints every failed attempt; readiness tells of it instead.
  redis.on('error', (error: Error) => faults.set(redis, error));
  redis.on('ready', () => faults.delete(redis));
  return redis;
}

/**
 * After a failover the old master may stay connected, as a replica. The address leads to the new one. Redis 6.2 says so
 * at the end of what it says of a script.
 */
const isNoLongerMaster = ({ message }: Error): boolean => message.includes('READONLY');

/** The one place that knows how ioredis is told. What the URL says comes before what stands beside it. */
function open({ url, sentinel, username, password, tls }: RedisAccess, options: RedisOptions): Redis {
  // CLIENT SETINFO is one more thing that a user would have to be allowed
  const all: RedisOptions = { ...options, disableClientInfo: true };
  if (username !== undefined) all.username = username;
  if (password !== undefined) all.password = password;
  if (tls) all.tls = { ...tls };
  if (sentinel) return new Redis({ ...all, ...sentinelOptions(sentinel), ...(tls && sentinelTls(tls)) });
  return new Redis(url!.replace(/^unix:\/\//, ''), all);
}

const sentinelOptions = ({ addresses, name, username, password }: SentinelAccess): RedisOptions => ({
  Connector: EnduringSentinelConnector,
  sentinels: [...addresses],
  name,
  ...(username !== undefined && { sentinelUsername: username }),
  ...(password !== undefined && { sentinelPassword: password }),
  sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
});

const sentinelTls = (tls: object): RedisOptions => ({
  enableTLSForSentinelMode: true,
  sentinelTLS: { ...tls },
});
