import { Redis } from 'ioredis';
import { writtenSince } from './end-of-file.js';

/** What Redis says when its append-only file ended in the middle of a command, as after a loss of power. */
const CUT_OFF = '!!! Truncating the AOF';

/** Lets Redis begin to rewrite its append-only file, unless it is at it already. */
export async function rewriteFile(redis: Redis): Promise<void> {
  await redis.bgrewriteaof().catch((error: Error) => {
    if (!error.message.includes('already in progress')) throw error;
  });
}

/**
 * A file that ended in the middle of a transaction is not whole again when Redis has cut off half a command: the MULTI
 * before it stays, and the next Redis to read the file executes half a transaction together with what was written
 * since (https://github.com/valkey-io/valkey/pull/4342). A rewritten file has none of it.
 * @param log what Redis says, from byte `from` on since it was started
 */
export async function mendFile(socket: string, log: string, from: number): Promise<void> {
  if (!(await writtenSince(log, from)).includes(CUT_OFF)) return;
  const redis = new Redis({ path: socket, maxRetriesPerRequest: 0 });
  redis.on('error', () => {}); // the command tells
  try {
    await rewriteFile(redis);
  } finally {
    redis.disconnect();
  }
}
