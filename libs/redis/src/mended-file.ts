import { Redis } from 'ioredis';
import { writtenSince } from './end-of-file.js';

/** What Redis says when its append-only file ended in the middle of a command, as after a loss of power. */
const CUT_OFF = '!!! Truncating the AOF';

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
    await redis.bgrewriteaof();
  } finally {
    redis.disconnect();
  }
}
