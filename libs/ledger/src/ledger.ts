import type { Redis } from 'ioredis';
import { ledgerField } from '#metric-names';
import {
  ADD_LUA,
  BEGAN_FIELD,
  CLAIM_LUA,
  REVISION_FIELD,
  Script,
  claimArguments,
  pairsText,
  type ClaimBounds,
  type Keys,
  type Pairs,
} from '#redis';
import { conductArguments, type BatchConduct } from './batch-conduct.js';
import { STORE_CONDUCT_LUA } from './conduct-lua.js';
import { KEEP_LINE_LUA } from './rejected-lines.js';

/**
 * The payload is the claim to be counted. Deleting it comes first: the batch is counted by whoever deletes it, and a
 * Redis at its memory limit lets a script write after it has freed something.
 * ARGV 4: pairs to add; 5: pairs if nobody has counted the batch as accepted; 6: pairs if it was counted before; 7: pairs of
 * which the larger number stays; 8: how many lines follow, one for each key from the fifth on. Two keys more are where pieces
 * wait, and where glances do; what of them follows the lines.
 */
const COMMIT = new Script(`${CLAIM_LUA}${ADD_LUA}${KEEP_LINE_LUA}${STORE_CONDUCT_LUA}
local payload, ledger, marker, claims = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local member, ttl, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local additions, acceptance, redelivery = cjson.decode(ARGV[4]), cjson.decode(ARGV[5]), cjson.decode(ARGV[6])
local maxima, lines, first = cjson.decode(ARGV[7]), tonumber(ARGV[8]), 9
local unaccepted = redis.call('PTTL', payload) >= 0
if redis.call('DEL', payload) == 0 then
  if not claimed(marker, claims, member) then return 'lost' end
  add(ledger, redelivery)
  return 'redelivered'
end
add(ledger, additions)
if unaccepted then add(ledger, acceptance) end
for i = 1, #maxima, 2 do
  local known = tonumber(redis.call('HGET', ledger, maxima[i]) or '-1')
  if tonumber(maxima[i + 1]) > known then redis.call('HSET', ledger, maxima[i], maxima[i + 1]) end
end
for i = 0, lines - 1 do keep(KEYS[5 + i], now(), ARGV[first + i]) end
claim(marker, claims, member, ttl, most, ledger, '${ledgerField('claimsEvicted')}')
-- last: whatever went wrong here, the batch has been counted, and is known to have been
if #KEYS > 4 + lines then store_conduct(KEYS[5 + lines], KEYS[6 + lines], ledger, first + lines) end
return 'committed'
`);

/** Adds names to a set until it is full. ARGV 1: how many it may hold; the rest: names. Returns which are in it. */
const ADMIT = new Script(`
local admitted = {}
for i = 2, #ARGV do
  local known = redis.call('SISMEMBER', KEYS[1], ARGV[i]) == 1
  if not known and redis.call('SCARD', KEYS[1]) < tonumber(ARGV[1]) then
    redis.call('SADD', KEYS[1], ARGV[i])
    known = true
  end
  if known then admitted[#admitted + 1] = ARGV[i] end
end
return admitted
`);

/** What identifies a batch, and whether its sender may repeat it. */
export interface Counted {
  readonly id: string;
  readonly keyed: boolean;
}

export interface Commit {
  readonly additions: Pairs;
  /** Added if the worker was quicker than ingest, which then does not count the acceptance. */
  readonly acceptance: Pairs;
  /** Added instead of all else if this batch had been counted before. */
  readonly redelivery: Pairs;
  /** The larger of the number here and the one in the ledger stays. */
  readonly maxima: Pairs;
  /** Rejected lines to keep. */
  readonly rejected: readonly { readonly source: string; readonly reason: string; readonly line: string }[];
  /** What callers can be followed by; undefined where they are not. */
  readonly conduct?: BatchConduct | undefined;
}

/**
 * `redelivered`: counted before, nothing was added. `lost`: neither the payload nor a claim is there.
 */
export type CommitResult = 'committed' | 'redelivered' | 'lost';

/** Which ledger it is, and how far it has come. */
export interface LedgerHead {
  /** When it was begun, microseconds by the clock of Redis; 0 for an empty one, or one of an earlier version. */
  readonly began: number;
  /** Grows whenever anything is counted; 0 for an empty one. */
  readonly revision: number;
}

export interface LedgerSnapshot extends LedgerHead {
  /** The moment, as `began`. */
  readonly at: number;
  /** Every counter and gauge, by field. */
  readonly counters: ReadonlyMap<string, number>;
}

const MICROSECONDS = 1_000_000;

/** The durable counters. A batch is added in one atomic step, once, however often it is committed. */
export class Ledger {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly claims: ClaimBounds,
  ) {}

  async commit(batch: Counted, commit: Commit): Promise<CommitResult> {
    const { id, keyed } = batch;
    const { additions, acceptance, redelivery, maxima, rejected, conduct } = commit;
    const lineKeys = rejected.map(({ source, reason }) => this.keys.rejectedLines(source, reason));
    const answer = await COMMIT.run(
      this.redis,
      [...this.keysOf(batch), ...lineKeys, ...(conduct ? this.conductKeys(conduct) : [])],
      [
        ...claimArguments(id, keyed, this.claims),
        ...[additions, acceptance, redelivery, maxima].map(pairsText),
        ...[rejected.length, ...rejected.map(({ line }) => line)],
        ...(conduct ? conductArguments(conduct) : []),
      ],
    );
    return answer as CommitResult;
  }

  /**
   * Which names may be values of a label: those that came first, for good. So the number of series is bounded and a
   * batch that is counted again has the same names.
   */
  async admit(label: string, source: string, names: readonly string[], most: number): Promise<Set<string>> {
    if (names.length === 0) return new Set();
    const admitted = await ADMIT.run(this.redis, [this.keys.names(label, source)], [most, ...names]);
    return new Set(admitted as string[]);
  }

  /** Which ledger this is and how far it has come: two numbers, however many counters it has. */
  async head(): Promise<LedgerHead> {
    return headOf(await this.redis.hmget(this.keys.ledger, BEGAN_FIELD, REVISION_FIELD));
  }

  /** The whole ledger at one moment. */
  async snapshot(): Promise<LedgerSnapshot> {
    const answers = await this.redis.multi().time().hgetall(this.keys.ledger).exec();
    const [[timeError, time], [readError, fields]] = answers as [
      [Error | null, [string, string]],
      [Error | null, Record<string, string>],
    ];
    if (timeError ?? readError) throw (timeError ?? readError)!;
    const { [BEGAN_FIELD]: began, [REVISION_FIELD]: revision, ...counters } = fields;
    return {
      ...headOf([began, revision]),
      at: Number(time[0]) * MICROSECONDS + Number(time[1]),
      counters: new Map(Object.entries(counters).map(([field, value]) => [field, Number(value)])),
    };
  }

  /** Every counter and gauge, by field. */
  async read(): Promise<ReadonlyMap<string, number>> {
    return (await this.snapshot()).counters;
  }

  private keysOf({ id }: Counted): string[] {
    return [this.keys.payload(id), this.keys.ledger, this.keys.marker(id), this.keys.claims];
  }

  private conductKeys({ source }: BatchConduct): string[] {
    return [this.keys.conduct(source), this.keys.glances(source, '')];
  }
}

const headOf = ([began, revision]: readonly (string | null | undefined)[]): LedgerHead => ({
  began: Number(began ?? 0),
  revision: Number(revision ?? 0),
});
