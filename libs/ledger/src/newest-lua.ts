import { NOW_LUA } from '#redis';

/** How many texts are kept, and for how long. */
interface Kept {
  readonly most: number;
  readonly maxAgeMs: number;
}

/** Lua: `NAME(key, at, text)` remembers a text with its epoch milliseconds; the newest stay, each once. */
export const newestLua = (name: string, { most, maxAgeMs }: Kept): string => `${NOW_LUA}
local function ${name}(key, at, text)
  redis.call('ZADD', key, at, text)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now() - ${maxAgeMs})
  redis.call('ZREMRANGEBYRANK', key, 0, -${most + 1})
  redis.call('PEXPIRE', key, ${maxAgeMs})
end
`;
