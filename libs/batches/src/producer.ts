import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { ADD_LUA, CLAIMED_LUA, Script, claimMember, pairsText, type Keys, type Pairs } from '#redis';
import { LOG_BATCH_VERSION, type LogBatch } from './log-batch.js';
import { JOB_OPTIONS } from './queue.js';

/** A payload that was never accepted, because ingest died in between, goes away after this time. */
const UNACCEPTED_SECONDS = 3600;

/** Counts an acceptance: ARGV 4 holds the pairs for any accepted batch, 5 those for a repeat besides. */
const COUNT_LUA = `
local payload, ledger, marker, claims = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local member, created = ARGV[1], ARGV[2] == '1'
local accepted, duplicate = cjson.decode(ARGV[4]), cjson.decode(ARGV[5])
local function count(is_repeat)
  add(ledger, accepted)
  if is_repeat then add(ledger, duplicate) end
end
`;

/** Keeps the payload of a batch that may come again, unless it has been counted (a repeat) or is kept already. */
const RESERVE = new Script(`${CLAIMED_LUA}${ADD_LUA}${COUNT_LUA}
if claimed(marker, claims, member) then
  count(true)
  return 'duplicate'
end
if redis.call('SET', payload, ARGV[3], 'EX', ${UNACCEPTED_SECONDS}, 'NX') then return 'created' end
return 'exists'
`);

/** Takes the expiry off the payload: from here on the batch is accepted. */
const ACCEPT = new Script(`${CLAIMED_LUA}${ADD_LUA}${COUNT_LUA}
local ttl = redis.call('PTTL', payload)
if ttl >= 0 then
  redis.call('PERSIST', payload)
  count(false)
  return 'accepted'
end
if ttl == -1 then
  count(true)
  return 'duplicate'
end
if not claimed(marker, claims, member) then return 'gone' end
-- A worker was quicker than this script, and its commit has counted the batch as accepted.
if created then return 'accepted' end
count(true)
return 'duplicate'
`);

/** What to count for every accepted batch, and besides for one that repeats a batch accepted before. */
export interface Acceptance {
  readonly accepted: Pairs;
  readonly duplicate: Pairs;
}

export type Accepted = 'accepted' | 'duplicate';

/**
 * Stores batches and queues them. A batch that {@link add} has returned for is never lost: its payload no longer
 * expires, and its job is in the queue.
 */
export class BatchProducer {
  constructor(
    private readonly redis: Redis,
    private readonly queue: Queue<LogBatch>,
    private readonly keys: Keys,
  ) {}

  /**
   * @param again whether it may have been stored under this id before, without an answer
   *
   * Order: payload with an expiry, job, then the expiry is taken off. A crash before the job leaves an orphan that
   * goes away by itself and was never acknowledged; a repeat of the same id after any crash completes it.
   * @throws if Redis did not answer in time, refuses writes, or lost the payload meanwhile
   */
  async add(
    batch: Omit<LogBatch, 'v'>,
    payload: Buffer,
    count: Acceptance,
    again = false,
  ): Promise<Accepted> {
    const reserved = await this.reserve(batch, payload, count, again);
    if (reserved === 'duplicate') return reserved;
    await this.queue.add('batch', { v: LOG_BATCH_VERSION, ...batch }, { ...JOB_OPTIONS, jobId: batch.id });
    const answer = await this.run(ACCEPT, batch, reserved === 'created', Buffer.alloc(0), count);
    if (answer === 'gone')
      throw new Error(`the payload of batch ${batch.id} went away before it was accepted`);
    return answer as Accepted;
  }

  private async reserve(
    batch: Omit<LogBatch, 'v'>,
    payload: Buffer,
    count: Acceptance,
    again: boolean,
  ): Promise<'created' | 'exists' | 'duplicate'> {
    if (batch.keyed || again)
      return (await this.run(RESERVE, batch, false, payload, count)) as 'created' | 'exists' | 'duplicate';
    await this.redis.set(this.keys.payload(batch.id), payload, 'EX', UNACCEPTED_SECONDS);
    return 'created';
  }

  private run(
    script: Script,
    { id, keyed }: Omit<LogBatch, 'v'>,
    created: boolean,
    payload: Buffer,
    { accepted, duplicate }: Acceptance,
  ): Promise<unknown> {
    return script.run(
      this.redis,
      [this.keys.payload(id), this.keys.ledger, this.keys.marker(id), this.keys.claims],
      [claimMember(id, keyed), created ? 1 : 0, payload, pairsText(accepted), pairsText(duplicate)],
    );
  }
}
