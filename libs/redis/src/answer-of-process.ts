import { Redis } from 'ioredis';

const RETRY_MS = 20;
const CONNECT_WITHIN_MS = 15_000;

/**
 * Waits until the Redis with this process id answers on a socket and has loaded its data, which may take long.
 * A Redis that is about to be refused its lock would find the answer of the one that holds it: hence the id.
 */
export async function answerOf(pid: number, socket: string, died: Promise<never>): Promise<void> {
  const redis = new Redis({
    path: socket,
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_MS,
    disconnectTimeout: RETRY_MS, // the default keeps a process alive for 2 s after a connection that failed
  });
  redis.on('error', () => {}); // until the socket is there
  try {
    await Promise.race([died, connected(redis, socket)]);
    await Promise.race([died, answeredBy(pid, redis)]);
  } finally {
    redis.disconnect();
  }
}

async function connected(redis: Redis, socket: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const late = new Error(`Redis did not open ${socket} within ${CONNECT_WITHIN_MS / 1000} s.`);
    setTimeout(() => reject(late), CONNECT_WITHIN_MS).unref();
    redis.once('connect', () => resolve());
  });
}

async function answeredBy(pid: number, redis: Redis): Promise<void> {
  while (!(await redis.info('server')).includes(`process_id:${pid}\r\n`)) redis.disconnect(true);
  await redis.ping();
}
