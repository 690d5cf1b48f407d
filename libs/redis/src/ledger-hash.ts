/** Grows with every addition: a reader that finds the number it saw before has seen the same ledger. */
export const REVISION_FIELD = 'revision';

/** Microseconds since the epoch, by the clock of Redis, at the first addition: tells one ledger from another. */
export const BEGAN_FIELD = 'began';

/**
 * Lua: `touch(ledger)` tells readers that the ledger is another one; `add(ledger, first, last)` adds the field-number pairs
 * of ARGV from first to last, too. A sum that nonsense in a log has driven to the end of 64 bits stays there: an error
 * would leave this batch and every later one half counted.
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

local function add(ledger, first, last)
  if last < first then return end
  for i = first, last, 2 do increase(ledger, ARGV[i], ARGV[i + 1]) end
  touch(ledger)
end
`;

/** Lua: `now()` is the time of Redis in epoch milliseconds: one clock for all workers. */
export const NOW_LUA = `
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`;
