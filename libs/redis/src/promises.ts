import type { RedisInfo } from './info.js';

/** With these Redis keeps what it has acknowledged. Undefined: it does not tell. */
export interface RedisPromises {
  readonly maxmemory_policy: boolean | undefined;
  readonly appendonly: boolean | undefined;
  readonly version: boolean | undefined;
}

/** INFO tells all of it; CONFIG is forbidden with managed services. */
export const promisesOf = (info: RedisInfo): RedisPromises => ({
  maxmemory_policy: is(info.get('maxmemory_policy'), (policy) => policy === 'noeviction'),
  appendonly: is(info.get('aof_enabled'), (enabled) => enabled === '1'),
  version: is(info.get('redis_version'), isNewEnough),
});

/** What it means that a promise is broken, and what to do. */
export const BROKEN_PROMISES: Readonly<Record<keyof RedisPromises, string>> = {
  maxmemory_policy: 'Redis may evict accepted batches and counters: set maxmemory-policy to noeviction.',
  appendonly: 'Redis forgets accepted batches and counters when it ends: set appendonly to yes.',
  version: 'Redis is older than 6.2: use a newer one.',
};

const is = (value: string | undefined, test: (value: string) => boolean): boolean | undefined =>
  value === undefined ? undefined : test(value);

/** BullMQ needs 6.2. */
function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 2);
}
