import type { Redis } from 'ioredis';
import type { Keys } from '#redis';
import { newestLua } from './newest-lua.js';

/** Of each source and reason, as many lines are kept, for as long. */
const KEPT = 5;
const MAX_AGE_MS = 7 * 86_400_000;

/** Lua: `keep(key, at, line)` remembers a line. */
export const KEEP_LINE_LUA = newestLua('keep', { most: KEPT, maxAgeMs: MAX_AGE_MS });

/** A line that was rejected, and when that was counted, in epoch milliseconds. */
export interface RejectedLine {
  readonly at: number;
  readonly line: string;
}

/** A few of the lines that could not be read, so that one can see why. */
export class RejectedLines {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
  ) {}

  /** The newest first. */
  async of(source: string, reason: string): Promise<RejectedLine[]> {
    const key = this.keys.rejectedLines(source, reason);
    const oldest = Date.now() - MAX_AGE_MS;
    const found = await this.redis.zrevrangebyscore(key, '+inf', oldest, 'WITHSCORES');
    return found.flatMap((line, i) => (i % 2 === 0 ? [{ line, at: Number(found[i + 1]) }] : []));
  }

  /** Forgets the lines, for good; how many there were stays counted. */
  async drop(source: string, reason: string): Promise<void> {
    await this.redis.unlink(this.keys.rejectedLines(source, reason));
  }
}
