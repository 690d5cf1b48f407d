import type { Redis } from 'ioredis';
import type { Keys } from '#redis';
import { newestLua } from './newest-lua.js';

/** Of each source, as many are kept, for as long. */
const KEPT = 1000;
const MAX_AGE_MS = 7 * 86_400_000;

/** Lua: `suspect(key, at, text)` remembers one. */
export const SUSPECT_LUA = newestLua('suspect', { most: KEPT, maxAgeMs: MAX_AGE_MS });

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
