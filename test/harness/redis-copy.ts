import type { Redis } from 'ioredis';

/** One key with all that lies in it, as the command that puts it there. */
export type PutCommand = readonly [command: string, key: string, ...args: string[]];

/** How what a key holds is read, by its type. */
const READ: Readonly<Record<string, (redis: Redis, key: string) => Promise<PutCommand>>> = {
  string: async (redis, key) => ['SET', key, (await redis.get(key))!],
  hash: async (redis, key) => ['HSET', key, ...Object.entries(await redis.hgetall(key)).flat()],
  list: async (redis, key) => ['RPUSH', key, ...(await redis.lrange(key, 0, -1))],
  zset: async (redis, key) => ['ZADD', key, ...pairs(await redis.zrange(key, '0', '-1', 'WITHSCORES'))],
};

/** Everything that lies in a Redis, without streams of events. */
export async function contentsOf(redis: Redis): Promise<PutCommand[]> {
  const contents: PutCommand[] = [];
  for (const key of (await redis.keys('*')).sort()) {
    const read = READ[await redis.type(key)];
    if (read) contents.push(await read(redis, key));
  }
  return contents;
}

/** Puts it into another one. */
export async function putContents(redis: Redis, contents: readonly PutCommand[]): Promise<void> {
  for (const [command, ...args] of contents) await redis.call(command, ...args);
}

/** Members and scores, as they are read; scores first, as they are put. */
const pairs = (read: readonly string[]): string[] =>
  read.flatMap((member, i) => (i % 2 === 0 ? [read[i + 1]!, member] : []));
