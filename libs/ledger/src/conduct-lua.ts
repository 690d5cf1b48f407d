import { ledgerField } from '#metric-names';

/**
 * Lua: what waits of a source until its callers are judged, by slices of time. `conduct` is the key of its hash, from which
 * those of its lists follow. Whatever the source has left behind is gone `kept` milliseconds after its last word.
 *
 * `judged` only grows, and whoever raises it takes away what waited for the slices up to there. So a piece that comes for
 * such a slice is late: what its callers did then has been judged without it.
 */
export const CONDUCT_LUA = `
local function judged_until(conduct)
  return tonumber(redis.call('HGET', conduct, 'judged') or '-1')
end

local function skip(ledger, source, reason, requests)
  if requests > 0 then
    redis.call('HINCRBY', ledger, '${ledgerField('conductSkipped')}|' .. source .. '|' .. reason, requests)
  end
end

local function keep_conduct(conduct, kept)
  redis.call('PEXPIRE', conduct, kept)
  redis.call('PEXPIRE', conduct .. ':slices', kept)
end

local function take_slice(conduct, slice)
  redis.call('UNLINK', conduct .. ':' .. slice)
  redis.call('ZREM', conduct .. ':slices', slice)
  redis.call('HINCRBY', conduct, 'bytes', -(redis.call('HGET', conduct, 'bytes:' .. slice) or 0))
  local requests = redis.call('HGET', conduct, 'requests:' .. slice) or 0
  redis.call('HDEL', conduct, 'bytes:' .. slice, 'requests:' .. slice)
  return tonumber(requests)
end
`;

/** What a slice and a piece take in Redis beside the bytes of the pieces; a test holds it against what Redis uses. */
const BYTES_PER_SLICE = 500;
const BYTES_PER_PIECE = 16;

/** So much of what batches tell of devices is kept for each slice: more than enough to judge them by. */
const MOST_GLANCES = 256 * 1024;

/**
 * Lua: `store_conduct(conduct, glances, ledger, first)` has a batch's pieces wait, as ARGV tells from \`first\` on: the
 * source, how many bytes may wait, how long all is kept, how long glances are, and how many pieces there are; then three
 * for each piece and two for each slice with glances. Beyond the bytes the oldest slices go, unjudged.
 */
export const STORE_CONDUCT_LUA = `${CONDUCT_LUA}
local function store_piece(conduct, slice, requests, piece, kept)
  if tonumber(slice) <= judged_until(conduct) then return tonumber(requests) end
  local bytes = #piece + ${BYTES_PER_PIECE}
  if redis.call('RPUSH', conduct .. ':' .. slice, piece) == 1 then bytes = bytes + ${BYTES_PER_SLICE} end
  redis.call('PEXPIRE', conduct .. ':' .. slice, kept)
  redis.call('ZADD', conduct .. ':slices', slice, slice)
  redis.call('HINCRBY', conduct, 'requests:' .. slice, requests)
  redis.call('HINCRBY', conduct, 'bytes:' .. slice, bytes)
  redis.call('HINCRBY', conduct, 'bytes', bytes)
  return 0
end

local function make_room(conduct, most)
  local evicted = 0
  while tonumber(redis.call('HGET', conduct, 'bytes') or '0') > most do
    local slice = redis.call('ZRANGE', conduct .. ':slices', 0, 0)[1]
    if not slice then return evicted end
    evicted = evicted + take_slice(conduct, slice)
    redis.call('HSET', conduct, 'judged', slice)
  end
  return evicted
end

local function store_glances(key, text, kept)
  if redis.call('INCRBY', key .. ':bytes', #text) <= ${MOST_GLANCES} then redis.call('RPUSH', key, text) end
  redis.call('PEXPIRE', key, kept)
  redis.call('PEXPIRE', key .. ':bytes', kept)
end

local function store_conduct(conduct, glances, ledger, first)
  local source, most, kept, glances_kept = ARGV[first], tonumber(ARGV[first + 1]), ARGV[first + 2], ARGV[first + 3]
  local pieces = first + 5
  local rest = pieces + 3 * tonumber(ARGV[first + 4])
  local late = 0
  for i = pieces, rest - 1, 3 do
    late = late + store_piece(conduct, ARGV[i], ARGV[i + 1], ARGV[i + 2], kept)
  end
  skip(ledger, source, 'late', late)
  skip(ledger, source, 'evicted', make_room(conduct, most))
  keep_conduct(conduct, kept)
  for i = rest, #ARGV, 2 do store_glances(glances .. ARGV[i], ARGV[i + 1], glances_kept) end
end
`;
