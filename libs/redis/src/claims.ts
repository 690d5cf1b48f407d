import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

/**
 * A claim says that a batch has been counted. Batches without a sender's key need it only while the queue may
 * deliver them again; a sender may repeat its key for days, so those are kept longer, as 16-byte members of sets.
 *
 * Each set is a slice of time. A slice ends when it is {@link SLICES_OF_TIME} of the time that claims are kept, or has
 * taken {@link SLICES_OF_MEMORY} of their memory, so there are never many and looking a claim up costs the same
 * however many claims there are. What is too old goes by whole slices, and so does what does not fit: the oldest
 * first, and at most one sixteenth more than must. So the newest claims stay, even if all are of one hour.
 */

/** How long the claim of an unkeyed batch lives. */
export const MARKER_SECONDS = 3600;

/** An hour for the default of four days. */
const SLICES_OF_TIME = 96;
const SLICES_OF_MEMORY = 16;

/**
 * The most that a claim takes in Redis: entry and text, which an allocator may round up to 32 bytes each, and three
 * pointers while the table of a set doubles. Counted rather than asked for: MEMORY USAGE leaves out what the allocator
 * rounds up, and may be forbidden.
 */
export const BYTES_PER_CLAIM = 88;

/** How long the claims of senders' keys are kept, and how much memory they may take. */
export interface ClaimBounds {
  readonly ttlMs: number;
  readonly maxBytes: number;
}

/** What is kept of senders' keys. */
export interface ClaimsKept {
  readonly claims: number;
  /** What they take at most. */
  readonly bytes: number;
  /** A key that was counted within so many milliseconds is recognised; less than the bounds say if memory was short. */
  readonly windowMs: number;
}

/** The argument `member` of the functions in Lua: 16 bytes for a batch with a sender's key, else empty. */
export const claimMember = (id: string, keyed: boolean): Buffer =>
  keyed ? Buffer.from(id.replaceAll('-', ''), 'hex') : Buffer.alloc(0);

/** The arguments `member`, `ttl` in milliseconds and `most` of `claim`. */
export const claimArguments = (
  id: string,
  keyed: boolean,
  { ttlMs, maxBytes }: ClaimBounds,
): [member: Buffer, ttl: number, most: number] => [
  claimMember(id, keyed),
  ttlMs,
  Math.floor(maxBytes / BYTES_PER_CLAIM),
];

/** Lua: `claimed(marker, claims, member)` tells whether a batch has been counted. */
export const CLAIMED_LUA = `
local function claimed(marker, claims, member)
  if member == '' then return redis.call('EXISTS', marker) == 1 end
  local slices = redis.call('LRANGE', claims, 0, -1)
  for i = #slices, 1, -1 do
    if redis.call('SISMEMBER', claims .. ':' .. slices[i], member) == 1 then return true end
  end
  return false
end
`;

/**
 * Lua: `claim(marker, claims, member, ttl, most, ledger, evictions)` remembers that a batch has been counted, and adds
 * the claims that went before their time to the field \`evictions\` of the ledger. Slices are unlinked, since Redis
 * stands still while a large one expires; their expiry is for when no other claim comes.
 */
export const CLAIM_LUA = `${CLAIMED_LUA}
local function make_room(claims, ttl, room, now, ledger, evictions)
  local slices = redis.call('LRANGE', claims, 0, -1)
  local ended, evicted = now, 0
  for i = #slices, 1, -1 do
    local key = claims .. ':' .. slices[i]
    local size = redis.call('SCARD', key)
    local is_old = size == 0 or now - ended >= ttl * 1000
    if is_old or size > room then
      redis.call('UNLINK', key)
      redis.call('LREM', claims, 1, slices[i])
      if not is_old then
        if evicted == 0 then
          redis.call('SET', claims .. '-forgotten', string.format('%.0f', ended), 'PX', ttl)
        end
        evicted, room = evicted + size, 0
      end
    else
      room = room - size
    end
    ended = tonumber(slices[i])
  end
  if evicted > 0 then redis.call('HINCRBY', ledger, evictions, evicted) end
end

local function claim(marker, claims, member, ttl, most, ledger, evictions)
  if member == '' then
    redis.call('SET', marker, 1, 'EX', ${MARKER_SECONDS})
    return
  end
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local slice = redis.call('LINDEX', claims, -1)
  local size = slice and redis.call('SCARD', claims .. ':' .. slice) or 0
  local full = math.ceil(most / ${SLICES_OF_MEMORY})
  if size > 0 and size < full and now - slice < ttl * 1000 / ${SLICES_OF_TIME} then
    redis.call('SADD', claims .. ':' .. slice, member)
    return
  end
  make_room(claims, ttl, most - full, now, ledger, evictions)
  slice = string.format('%.0f', now)
  local expiry = math.ceil(ttl * ${(SLICES_OF_TIME + 3) / SLICES_OF_TIME})
  redis.call('RPUSH', claims, slice)
  redis.call('PEXPIRE', claims, expiry)
  redis.call('SADD', claims .. ':' .. slice, member)
  redis.call('PEXPIRE', claims .. ':' .. slice, expiry)
end
`;

/** What is kept at this moment, by the clock of Redis. @throws if Redis does not answer */
export async function readClaims(redis: Redis, keys: Keys, { ttlMs }: ClaimBounds): Promise<ClaimsKept> {
  const [slices, forgotten, [seconds, micros]] = await Promise.all([
    redis.lrange(keys.claims, 0, -1),
    redis.get(keys.claimsForgotten),
    redis.time(),
  ]);
  const sizes = await Promise.all(slices.map((slice) => redis.scard(keys.claimSlice(slice))));
  const claims = sizes.reduce((sum, size) => sum + size, 0);
  const now = Number(seconds) * 1000 + Number(micros) / 1000;
  const sinceForgotten = forgotten === null ? Infinity : Math.max(0, now - Number(forgotten) / 1000);
  return { claims, bytes: claims * BYTES_PER_CLAIM, windowMs: Math.min(ttlMs, sinceForgotten) };
}
