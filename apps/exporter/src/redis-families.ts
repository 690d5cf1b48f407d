import type { Redis } from 'ioredis';
import { REDIS_CHECKS, SCRAPED_METRICS } from '#metric-names';
import { promisesOf, redisInfo, type RedisInfo } from '#redis';
import { family, type Family } from './exposition.js';

/** How Redis is, in its own words. No sample for what it does not tell. */
export async function redisFamilies(redis: Redis): Promise<Family[]> {
  const info = await redisInfo(redis);
  const limit = Number(info.get('maxmemory') ?? 0);
  const sample = (told: string, value: number) => (info.has(told) ? [{ labels: {}, value }] : []);
  return [
    family(SCRAPED_METRICS.redisMemory, sample('used_memory', Number(info.get('used_memory')))),
    family(SCRAPED_METRICS.redisMemoryLimit, limit > 0 ? [{ labels: {}, value: limit }] : []),
    family(SCRAPED_METRICS.redisPersistence, sample('aof_enabled', persists(info) ? 1 : 0)),
    promiseFamily(info),
  ];
}

const persists = (info: RedisInfo): boolean =>
  info.get('aof_enabled') === '1' &&
  info.get('aof_last_write_status') === 'ok' &&
  info.get('aof_last_bgrewrite_status') === 'ok';

function promiseFamily(info: RedisInfo): Family {
  const promises = promisesOf(info);
  return family(
    SCRAPED_METRICS.redisPromise,
    REDIS_CHECKS.filter((check) => promises[check] !== undefined).map((check) => ({
      labels: { check },
      value: Number(promises[check]),
    })),
  );
}
