import type { Redis } from 'ioredis';
import { REDIS_CHECKS, SCRAPED_METRICS } from '#metric-names';
import { promisesOf, redisInfo, type RedisInfo } from '#redis';
import { family, type Family } from './exposition.js';

/** How Redis is, in its own words: https://redis.io/docs/latest/commands/info/ */
export async function redisFamilies(redis: Redis): Promise<Family[]> {
  const info = await redisInfo(redis);
  const limit = Number(info.get('maxmemory'));
  const persists =
    info.get('aof_enabled') === '1' &&
    info.get('aof_last_write_status') === 'ok' &&
    info.get('aof_last_bgrewrite_status') === 'ok';
  return [
    family(SCRAPED_METRICS.redisMemory, [{ labels: {}, value: Number(info.get('used_memory')) }]),
    family(SCRAPED_METRICS.redisMemoryLimit, limit > 0 ? [{ labels: {}, value: limit }] : []),
    family(SCRAPED_METRICS.redisPersistence, [{ labels: {}, value: persists ? 1 : 0 }]),
    promiseFamily(info),
  ];
}

/** No sample for what Redis does not tell. */
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
