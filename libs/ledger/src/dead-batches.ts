import type { Redis } from 'ioredis';
import { batchFields, ledgerField, type DeadReason } from '#metric-names';
import {
  CLAIM_LUA,
  Script,
  claimArguments,
  pairsText,
  type ClaimBounds,
  type Keys,
  type Pairs,
} from '#redis';
import { DEAD_LUA } from './dead-lua.js';
import type { Counted } from './ledger.js';

/**
 * Moves a batch that can never be read out of the way, once. KEYS from 6 on: its payload, its marker, the claims, its
 * job. ARGV: 4 its id, 5 its description, 6 and 7 the bounds, 8 whether its bytes are believed to be lost, 9 what to add, 10
 * what to add besides if nobody has counted it as accepted, 11 what to add instead if it had come to its end before.
 */
const BURY = new Script(`${CLAIM_LUA}${DEAD_LUA}
local payload, marker, claims = KEYS[6], KEYS[7], KEYS[8]
local member, ttl, most, id, lost = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[8] == '1'
local additions, acceptance, redelivery = cjson.decode(ARGV[9]), cjson.decode(ARGV[10]), cjson.decode(ARGV[11])
if claimed(marker, claims, member) then
  add(ledger, redelivery)
  return 'redelivered'
end
local expiry = redis.call('PTTL', payload)
local exists, unaccepted = expiry ~= -2, expiry >= 0
if exists and lost then return 'found' end
if not exists and redis.call('EXISTS', KEYS[9]) == 0 then return 'forgotten' end
if exists then
  redis.call('RENAME', payload, graves .. id)
  redis.call('PERSIST', graves .. id)
end
enlist(id, ARGV[5])
add(ledger, additions)
if unaccepted then add(ledger, acceptance) end
claim(marker, claims, member, ttl, most, ledger, '${ledgerField('claimsEvicted')}')
trim(tonumber(ARGV[6]), tonumber(ARGV[7]))
return 'dead'
`);

/** Keeps the bounds. ARGV: both. Returns how many were dropped. */
const TRIM = new Script(`${DEAD_LUA}
return trim(tonumber(ARGV[1]), tonumber(ARGV[2]))
`);

/** Puts the bytes of a dead batch back. ARGV: 1 its id, 2 its new id, 3 its new description, 4 what to add. */
const REPLAY = new Script(`${DEAD_LUA}
local payload, replays, id, additions = KEYS[6], KEYS[7], ARGV[1], cjson.decode(ARGV[4])
if redis.call('EXISTS', graves .. id) == 0 then
  return redis.call('HEXISTS', dead, id) == 1 and 'lost' or 'absent'
end
unlist(id)
redis.call('RENAME', graves .. id, payload)
redis.call('HSET', replays, ARGV[2], ARGV[3])
add(ledger, additions)
return 'replayed'
`);

/** ARGV 1: the id of what goes. */
const DROP = new Script(`${DEAD_LUA}
if redis.call('HEXISTS', dead, ARGV[1]) == 0 then return 0 end
drop(ARGV[1], 'operator')
return 1
`);

/** A batch as it may die. */
export interface Mortal extends Counted {
  readonly source: string;
  readonly bytes: number;
}

/** Why a batch died. */
export interface Death {
  readonly reason: DeadReason;
  readonly detail: string;
}

/** A batch that died, and when, in epoch milliseconds. */
export type DeadBatch<Batch> = Batch & Death & { readonly diedAt: number };

/** How long dead batches are kept, and how many of them. */
export interface DeadBounds {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

/**
 * `redelivered`: it had come to its end before. `found`: its bytes are there after all, nothing was done.
 * `forgotten`: neither its bytes nor its job is there.
 */
export type BuryResult = 'dead' | 'redelivered' | 'found' | 'forgotten';

/** `lost`: it has no bytes that could be replayed. `absent`: replayed or dropped before. */
export type ReplayResult = 'replayed' | 'lost' | 'absent';

const PAGE = 500;

/**
 * The batches that could not be counted, with their bytes, until they are replayed or dropped. Each step is one
 * script, so it happens once, whoever else tries the same. In numbers: dead = kept + replayed + dropped.
 */
export class DeadBatches<Batch extends Mortal> {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly claims: ClaimBounds,
  ) {}

  /**
   * Keeps a batch that can never be read apart, with its bytes, and counts it as dead; the oldest may go for it.
   * @param job the key of its job: where that is gone like the bytes, Redis has lost time, this ledger never heard of
   * the batch, and its sender may still repeat it
   */
  bury(batch: Batch, job: string, death: Death, bounds: DeadBounds): Promise<BuryResult> {
    return this.runBury(batch, job, death, bounds, false);
  }

  /** Counts a batch as dead whose bytes are gone, unless they are there or it has been counted. */
  writeOff(batch: Batch, job: string, bounds: DeadBounds): Promise<BuryResult> {
    const detail = 'neither its bytes nor a claim is there';
    return this.runBury(batch, job, { reason: 'payload_lost', detail }, bounds, true);
  }

  /** Drops the oldest until the bounds hold. @returns how many */
  async trim({ maxAgeMs, maxBytes }: DeadBounds): Promise<number> {
    let dropped = 0;
    for (;;) {
      const now = (await TRIM.run(this.redis, this.deadKeys(), [maxAgeMs, maxBytes])) as number;
      dropped += now;
      if (now === 0) return dropped;
    }
  }

  /** Those that are kept, the oldest first. */
  async *list(): AsyncGenerator<DeadBatch<Batch>> {
    const ids = await this.redis.zrange(this.keys.deadTimes, '0', '-1');
    for (let at = 0; at < ids.length; at += PAGE)
      yield* await Promise.all(ids.slice(at, at + PAGE).map((id) => this.get(id))).then((found) =>
        found.filter((one) => one !== undefined),
      );
  }

  /** @returns undefined if no such batch is kept */
  async get(id: string): Promise<DeadBatch<Batch> | undefined> {
    const [text, time] = await Promise.all([
      this.redis.hget(this.keys.dead, id),
      this.redis.zscore(this.keys.deadTimes, id),
    ]);
    if (text === null || time === null) return undefined;
    return { ...(JSON.parse(text) as Batch & Death), diedAt: Number(time) };
  }

  /** The first bytes of a dead batch as they were received; none if they were lost. */
  payload(id: string, most = Infinity): Promise<Buffer> {
    return this.redis.getrangeBuffer(this.keys.deadPayload(id), 0, most === Infinity ? -1 : most - 1);
  }

  /**
   * Takes a batch off the dead ones and hands its bytes to another one, which is counted as replayed. That one's job
   * must be queued next; until it is, the batch stands in {@link Keys.replays}, so that nobody can lose it.
   */
  async replay(id: string, as: Batch): Promise<ReplayResult> {
    const keys = [...this.deadKeys(), this.keys.payload(as.id), this.keys.replays];
    const additions = pairsText(batchFields(as.source, 'replayed', as.bytes));
    const answer = await REPLAY.run(this.redis, keys, [id, as.id, JSON.stringify(as), additions]);
    return answer as ReplayResult;
  }

  /** Forgets a dead batch for good. @returns whether it was there */
  async drop(id: string): Promise<boolean> {
    return (await DROP.run(this.redis, this.deadKeys(), [id])) === 1;
  }

  /** How many are kept, their bytes, and when the oldest died. */
  async kept(): Promise<{ batches: number; bytes: number; oldest: number | undefined }> {
    const [batches, bytes, [, oldest]] = await Promise.all([
      this.redis.zcard(this.keys.deadTimes),
      this.redis.get(this.keys.deadBytes),
      this.redis.zrange(this.keys.deadTimes, '0', '0', 'WITHSCORES'),
    ]);
    return { batches, bytes: Number(bytes), oldest: oldest === undefined ? undefined : Number(oldest) };
  }

  private async runBury(
    batch: Batch,
    job: string,
    death: Death,
    bounds: DeadBounds,
    lost: boolean,
  ): Promise<BuryResult> {
    const { id, keyed, source, bytes } = batch;
    const additions: Pairs = [
      ...batchFields(source, 'dead', bytes),
      [ledgerField('deadBatches', source, death.reason), 1],
    ];
    const acceptance = batchFields(source, 'accepted', bytes);
    const redelivery: Pairs = [[ledgerField('redeliveries', source), 1]];
    const answer = await BURY.run(
      this.redis,
      [...this.deadKeys(), this.keys.payload(id), this.keys.marker(id), this.keys.claims, job],
      [
        ...claimArguments(id, keyed, this.claims),
        ...[id, JSON.stringify({ ...batch, ...death }), bounds.maxAgeMs, bounds.maxBytes, lost ? 1 : 0],
        ...[additions, acceptance, redelivery].map(pairsText),
      ],
    );
    return answer as BuryResult;
  }

  /** The keys that every script takes first. */
  private deadKeys(): string[] {
    const { ledger, dead, deadTimes, deadBytes } = this.keys;
    return [ledger, dead, deadTimes, deadBytes, this.keys.deadPayload('')];
  }
}
