/** Grows with every addition: a reader that finds the number it saw before has seen the same ledger. */
export const REVISION_FIELD = 'revision';

/** Microseconds since the epoch, by the clock of Redis, at the first addition: tells one ledger from another. */
export const BEGAN_FIELD = 'began';

/**
 * Lua: `touch(ledger)` tells readers that the ledger is another one; `add(ledger, flat)` adds fields and numbers, too, that
 * `cjson.decode` has made of a {@link pairsText}. A sum that nonsense in a log has driven to the end of 64 bits stays there:
 * an error would leave this batch and every later one half counted. Decode before anything is written, for the same reason.
 */
export const ADD_LUA = `
local function increase(ledger, field, amount)
  local answer = redis.pcall('HINCRBY', ledger, field, amount)
  if type(answer) == 'table' and answer.err and not string.find(answer.err, 'overflow', 1, true) then error(answer) end
end

local function touch(ledger)
  if redis.call('HINCRBY', ledger, '${REVISION_FIELD}', 1) == 1 then
    local now = redis.call('TIME')
    redis.call('HSET', ledger, '${BEGAN_FIELD}', now[1] .. string.format('%06d', now[2]))
  end
end

local function add(ledger, flat)
  if #flat == 0 then return end
  for i = 1, #flat, 2 do increase(ledger, flat[i], flat[i + 1]) end
  touch(ledger)
end
`;

/** Pairs of a field of the ledger and an integer. */
export type Pairs = readonly (readonly [field: string, amount: number])[];

/**
 * Pairs as one argument of a script: a list in which fields and amounts take turns. Hundreds of arguments take ioredis twice
 * as long. Amounts are texts, so that they pass through Lua as they are. cjson refuses half of a surrogate pair, which a log
 * may have, so it is replaced.
 */
export const pairsText = (pairs: Pairs): string =>
  JSON.stringify(pairs.flatMap(([field, amount]) => [field.toWellFormed(), String(amount)]));

/** Lua: `now()` is the time of Redis in epoch milliseconds: one clock for all workers. */
export const NOW_LUA = `
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`;
