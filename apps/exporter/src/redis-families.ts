import type { Redis } from 'ioredis';
import { SCRAPED_METRICS } from '#metric-names';
import { family, type Family } from './exposition.js';

/** How Redis is, in its own words: https://redis.io/docs/latest/commands/info/ */
export async function redisFamilies(redis: Redis): Promise<Family[]> {
  const info = parseInfo(await redis.info());
  const limit = Number(info.get('maxmemory'));
  const persists =
    info.get('aof_enabled') === '1' &&
    info.get('aof_last_write_status') === 'ok' &&
    info.get('aof_last_bgrewrite_status') === 'ok';
  return [
    family(SCRAPED_METRICS.redisMemory, [{ labels: {}, value: Number(info.get('used_memory')) }]),
    family(SCRAPED_METRICS.redisMemoryLimit, limit > 0 ? [{ labels: {}, value: limit }] : []),
    family(SCRAPED_METRICS.redisPersistence, [{ labels: {}, value: persists ? 1 : 0 }]),
  ];
}

/** `key:value` lines between `# headings`. */
const parseInfo = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
