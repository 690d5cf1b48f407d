import type { Redis } from 'ioredis';
import { causeOf } from './connection.js';
import type { Keys } from './keys.js';
import { Script } from './script.js';

/** The ledger never expires, so this changes nothing; but it is refused wherever a write would be. */
const WRITE = new Script(`return redis.call('PERSIST', KEYS[1])`);

/** @throws why this user cannot write now: away, forbidden, a replica, too few replicas, a full disk */
export async function mustWrite(redis: Redis, keys: Keys): Promise<void> {
  await told(redis, WRITE.run(redis, [keys.ledger], []));
}

/** @throws why this user cannot read now */
export async function mustRead(redis: Redis, keys: Keys): Promise<void> {
  await told(redis, redis.hlen(keys.ledger));
}

async function told(redis: Redis, answer: Promise<unknown>): Promise<void> {
  await answer.catch((error: Error) => {
    throw causeOf(redis, error);
  });
}
