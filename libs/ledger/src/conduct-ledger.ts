import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ADD_LUA, Script, pairsText, type Keys, type Pairs } from '#redis';
import { CONDUCT_LUA } from './conduct-lua.js';
import { SUSPECT_LUA } from './suspects.js';

const HASH_KEY_BYTES = 8;

/** What is looked at in one go; what waits behind it is looked at next. */
const SLICES_AT_ONCE = 64;

/** What waits. Returns the time, what was judged, the bytes of all, and four numbers for each slice. */
const LOOK = new Script(`${CONDUCT_LUA}
local conduct = KEYS[1]
local time = redis.call('TIME')
local seen = {
  tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000),
  judged_until(conduct),
  tonumber(redis.call('HGET', conduct, 'bytes') or '0'),
}
for _, slice in ipairs(redis.call('ZRANGE', conduct .. ':slices', 0, ${SLICES_AT_ONCE - 1})) do
  seen[#seen + 1] = tonumber(slice)
  seen[#seen + 1] = tonumber(redis.call('HGET', conduct, 'requests:' .. slice) or '0')
  seen[#seen + 1] = tonumber(redis.call('HGET', conduct, 'bytes:' .. slice) or '0')
  seen[#seen + 1] = redis.call('LLEN', conduct .. ':' .. slice)
end
return seen
`);

/** ARGV: who asks, and for how many milliseconds they then have it. Returns 1, or 0 if somebody else has it. */
const LEASE = new Script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/**
 * What was found in the slices up to ARGV 2, if nobody has judged since ARGV 1. Of the requests of these slices, ARGV 3
 * were judged; the others came meanwhile. ARGV 4 the source, 5 how long all is kept, 6 the new state, or nothing if it is as
 * before, 7 pairs to add, 8 pairs to set; then times and texts of suspects. What comes first takes no memory, so that a Redis
 * at its limit lets the rest pass.
 */
const COMMIT = new Script(`${ADD_LUA}${CONDUCT_LUA}${SUSPECT_LUA}
local conduct, state, ledger, suspects = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local kept = tonumber(ARGV[5])
local additions, gauges = cjson.decode(ARGV[7]), cjson.decode(ARGV[8])
if judged_until(conduct) ~= tonumber(ARGV[1]) then return 'overtaken' end
keep_conduct(conduct, kept)
local late = -tonumber(ARGV[3])
for _, slice in ipairs(redis.call('ZRANGEBYSCORE', conduct .. ':slices', '-inf', ARGV[2])) do
  late = late + take_slice(conduct, slice)
end
skip(ledger, ARGV[4], 'late', late)
redis.call('HSET', conduct, 'judged', ARGV[2])
keep_conduct(conduct, kept)
if ARGV[6] == '' then redis.call('PEXPIRE', state, kept) else redis.call('SET', state, ARGV[6], 'PX', kept) end
add(ledger, additions)
for i = 1, #gauges, 2 do redis.call('HSET', ledger, gauges[i], gauges[i + 1]) end
touch(ledger)
for i = 9, #ARGV, 2 do suspect(suspects, ARGV[i], ARGV[i + 1]) end
return 'judged'
`);

/**
 * Gauges that are 1 or 0; ARGV 1: how long it is remembered which were 1; 2: their pairs. Those that were 1 and are not among
 * them are 0. What comes first takes no memory, so that a Redis at its limit lets the rest pass.
 */
const SET_SUSPECTED = new Script(`${ADD_LUA}
local ledger, suspected = KEYS[1], KEYS[2]
local values, differs, gauges = {}, false, cjson.decode(ARGV[2])
redis.call('PEXPIRE', suspected, ARGV[1])
for i = 1, #gauges, 2 do values[gauges[i]] = gauges[i + 1] end
for _, field in ipairs(redis.call('SMEMBERS', suspected)) do values[field] = values[field] or '0' end
for field, value in pairs(values) do
  redis.call(value == '1' and 'SADD' or 'SREM', suspected, field)
  if redis.call('HGET', ledger, field) ~= value then
    redis.call('HSET', ledger, field, value)
    differs = true
  end
end
redis.call('PEXPIRE', suspected, ARGV[1])
if differs then touch(ledger) end
`);

/** A slice of time that waits to be judged. */
export interface WaitingSlice {
  readonly slice: number;
  readonly requests: number;
  readonly bytes: number;
  /** How many pieces of it there are; more may come. */
  readonly pieces: number;
}

/** What waits of a source at one moment. */
export interface WaitingConduct {
  /** Epoch milliseconds by the clock of Redis: one for all workers. */
  readonly now: number;
  /** The newest slice that was judged; -1 if none was. */
  readonly judged: number;
  readonly bytes: number;
  /** The oldest first, and not all if they are many. */
  readonly slices: readonly WaitingSlice[];
}

/** What was found in a stretch of time. */
export interface ConductCommit {
  /** `judged` as it was when the slices were looked at. */
  readonly since: number;
  /** The newest slice of the stretch. */
  readonly until: number;
  /** How many requests were judged, or given up, in it. */
  readonly requests: number;
  /** Undefined if it is what it was. */
  readonly state: Buffer | undefined;
  readonly keptMs: number;
  readonly additions: Pairs;
  readonly gauges: Pairs;
  readonly suspects: readonly { readonly at: number; readonly text: string }[];
}

/** `overtaken`: somebody else has judged these slices, and nothing was done. */
export type ConductCommitResult = 'judged' | 'overtaken';

/**
 * What waits of each source until its callers are judged, and what is known of them. A slice is judged in one atomic step,
 * once, however many workers judge it.
 */
export class ConductLedger {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
  ) {}

  /**
   * What callers and paths are hashed with, so that what waits does not tell who they are; made once, for all workers.
   */
  async hashKey(): Promise<Buffer> {
    for (;;) {
      const key = await this.redis.getBuffer(this.keys.conductKey);
      if (key !== null) return key;
      await this.redis.set(this.keys.conductKey, randomBytes(HASH_KEY_BYTES), 'NX');
    }
  }

  /** Takes nothing away, and writes nothing. */
  async look(source: string): Promise<WaitingConduct> {
    const seen = await LOOK.run(this.redis, [this.keys.conduct(source)], []);
    const [now, judged, bytes, ...numbers] = seen as [number, number, number, ...number[]];
    const slices: WaitingSlice[] = [];
    for (let i = 0; i < numbers.length; i += 4) {
      const [slice, requests, bytes, pieces] = numbers.slice(i, i + 4) as [number, number, number, number];
      slices.push({ slice, requests, bytes, pieces });
    }
    return { now, judged, bytes, slices };
  }

  /**
   * Takes the lease of a source, or renews it. It saves work, no more: what is right rests on `since`.
   * @returns whether nobody else has it
   */
  async lease(source: string, holder: string, milliseconds: number): Promise<boolean> {
    return (await LEASE.run(this.redis, [this.keys.conductLease(source)], [holder, milliseconds])) === 1;
  }

  /** Those that were there at the look; fewer if the slice was judged since. */
  pieces(source: string, { slice, pieces }: WaitingSlice): Promise<Buffer[]> {
    return this.redis.lrangeBuffer(this.keys.conductPieces(source, slice), 0, pieces - 1);
  }

  /** What the last commit had as its state. */
  async state(source: string): Promise<Buffer | undefined> {
    return (await this.redis.getBuffer(this.keys.conductState(source))) ?? undefined;
  }

  /** What batches told of devices in some slices of time, a text each. */
  async glances(source: string, slices: readonly number[]): Promise<string[]> {
    const keys = slices.map((slice) => this.keys.glances(source, slice));
    return (await Promise.all(keys.map((key) => this.redis.lrange(key, 0, -1)))).flat();
  }

  /** Sets gauges of devices that are suspected (1) or not (0); one that was, and is not named any more, is not. */
  async setSuspected(source: string, gauges: Pairs, keptMs: number): Promise<void> {
    const keys = [this.keys.ledger, this.keys.suspectedDevices(source)];
    await SET_SUSPECTED.run(this.redis, keys, [keptMs, pairsText(gauges)]);
  }

  async commit(source: string, commit: ConductCommit): Promise<ConductCommitResult> {
    const { since, until, requests, keptMs, state = '', additions, gauges, suspects } = commit;
    const answer = await COMMIT.run(
      this.redis,
      [
        this.keys.conduct(source),
        this.keys.conductState(source),
        this.keys.ledger,
        this.keys.suspects(source),
      ],
      [
        ...[since, until, requests, source, keptMs, state, pairsText(additions), pairsText(gauges)],
        ...suspects.flatMap(({ at, text }) => [at, text]),
      ],
    );
    return answer as ConductCommitResult;
  }
}
