import type { Redis } from 'ioredis';
import { NOW_LUA, type Keys } from '#redis';

/** Of each source, as many are kept, for as long. */
const KEPT = 1000;
const MAX_AGE_MS = 7 * 86_400_000;

/** Lua: `suspect(key, at, text)` remembers one; the newest stay. */
export const SUSPECT_LUA = `${NOW_LUA}
local function suspect(key, at, text)
  redis.call('ZADD', key, at, text)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now() - ${MAX_AGE_MS})
  redis.call('ZREMRANGEBYRANK', key, 0, -${KEPT + 1})
  redis.call('PEXPIRE', key, ${MAX_AGE_MS})
end
`;

/** The newest writes that may have been done twice, so that somebody can look. @typeParam Suspect plain data */
export class Suspects<Suspect> {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
  ) {}

  /** The newest first. */
  async of(source: string): Promise<Suspect[]> {
    const oldest = Date.now() - MAX_AGE_MS;
    const found = await this.redis.zrevrangebyscore(this.keys.suspects(source), '+inf', oldest);
    return found.map((text) => JSON.parse(text) as Suspect);
  }

  /** Forgets them, for good; how many there were stays counted. */
  async drop(source: string): Promise<void> {
    await this.redis.unlink(this.keys.suspects(source));
  }
}
