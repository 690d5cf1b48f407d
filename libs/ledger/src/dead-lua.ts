import { ledgerField } from '#metric-names';
import { ADD_LUA, NOW_LUA, REVISION_FIELD } from '#redis';

/** A script blocks Redis, so it drops no more than this at once. */
const DROPPED_AT_ONCE = 1000;

/**
 * Lua: what all scripts do with dead batches. KEYS 1 to 5 are the ledger, their descriptions, their times, their size
 * and what their payloads' keys begin with. The size is that of payload and description, so that batches without
 * bytes are bounded too. Whatever takes memory comes after something that may free some: else a full Redis refuses.
 */
export const DEAD_LUA = `${NOW_LUA}${ADD_LUA}
local ledger, dead, times, size, graves = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local function bytes_of(id)
  return redis.call('STRLEN', graves .. id) + redis.call('HSTRLEN', dead, id)
end

local function enlist(id, description)
  redis.call('HSET', dead, id, description)
  redis.call('ZADD', times, now(), id)
  redis.call('INCRBY', size, bytes_of(id))
end

local function unlist(id)
  local bytes = bytes_of(id)
  redis.call('HDEL', dead, id)
  redis.call('ZREM', times, id)
  redis.call('DECRBY', size, bytes)
end

local function drop(id, reason)
  local description = redis.call('HGET', dead, id)
  local source = description and cjson.decode(description).source or 'unknown'
  unlist(id)
  redis.call('UNLINK', graves .. id)
  redis.call('HINCRBY', ledger, '${ledgerField('deadDropped')}|' .. source .. '|' .. reason, 1)
  redis.call('HINCRBY', ledger, '${REVISION_FIELD}', 1)
end

local function trim(max_age, max_bytes)
  local born_before = now() - max_age
  for dropped = 0, ${DROPPED_AT_ONCE - 1} do
    local id, time = unpack(redis.call('ZRANGE', times, 0, 0, 'WITHSCORES'))
    if not id then return dropped end
    if tonumber(time) < born_before then
      drop(id, 'age')
    elseif tonumber(redis.call('GET', size)) > max_bytes then
      drop(id, 'bytes')
    else
      return dropped
    end
  end
  return ${DROPPED_AT_ONCE}
end
`;
