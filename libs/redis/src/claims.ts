/**
 * A claim says that a batch has been counted. Batches without a sender's key need it only while the queue may
 * deliver them again; a sender may repeat its key for days, so those live longer, in hourly sets of 16-byte members
 * (85 bytes each, where a key of its own would take 138).
 */

/** How long the claim of an unkeyed batch lives. */
export const MARKER_SECONDS = 3600;

/** The arguments that the functions of {@link CLAIMS_LUA} take, in order. */
export interface ClaimArguments {
  /** 16 bytes for a batch with a sender's key, else empty. */
  readonly member: Buffer;
  readonly hours: number;
}

export const claimArguments = (id: string, keyed: boolean, hours: number): ClaimArguments => ({
  member: keyed ? Buffer.from(id.replaceAll('-', ''), 'hex') : Buffer.alloc(0),
  hours,
});

/**
 * Lua: `claimed(marker, prefix, member, hours)` tells whether a batch has been counted,
 * `claim(marker, prefix, member, hours)` remembers that it has.
 */
export const CLAIMS_LUA = `
local function hour() return math.floor(tonumber(redis.call('TIME')[1]) / 3600) end

local function claimed(marker, prefix, member, hours)
  if member == '' then return redis.call('EXISTS', marker) == 1 end
  local now = hour()
  for h = now, now - hours, -1 do
    if redis.call('SISMEMBER', prefix .. h, member) == 1 then return true end
  end
  return false
end

local function claim(marker, prefix, member, hours)
  if member == '' then
    redis.call('SET', marker, 1, 'EX', ${MARKER_SECONDS})
  else
    local key = prefix .. hour()
    redis.call('SADD', key, member)
    redis.call('EXPIRE', key, (hours + 1) * 3600)
  end
end
`;
