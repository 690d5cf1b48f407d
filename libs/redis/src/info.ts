import type { Redis } from 'ioredis';

/** What Redis says of itself, by name: https://redis.io/docs/latest/commands/info/ */
export type RedisInfo = ReadonlyMap<string, string>;

/**
 * @param section only this one
 * @returns empty where this user may not ask, as with some managed services
 * @throws if Redis does not answer
 */
export async function redisInfo(redis: Redis, section?: string): Promise<RedisInfo> {
  try {
    return parseInfo(await (section === undefined ? redis.info() : redis.info(section)));
  } catch (error) {
    if ((error as Error).message.startsWith('NOPERM')) return new Map();
    throw error;
  }
}

/** `key:value` lines between `# headings`. */
const parseInfo = (text: string): RedisInfo =>
  new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
