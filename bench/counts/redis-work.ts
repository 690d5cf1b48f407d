import { connectPatiently } from '#redis';
import { startRedis } from '../../test/harness/redis.js';
import { startStatuslens } from '../../test/harness/statuslens.js';
import { SOURCES } from '../end-to-end.js';
import { logOf } from './reading.js';

const LINES_PER_BATCH = 1000;
const BATCHES = 100;

/** What a batch makes Redis do from HTTP to its commit, inside of scripts too, and what that adds to its file. */
export async function redisPerBatch(): Promise<Record<string, number>> {
  const redis = await startRedis({ appendonly: true });
  const client = connectPatiently({ url: redis.url });
  const statuslens = await startStatuslens(redis.url, { sources: SOURCES, late_after: '24h' });
  try {
    const body = logOf('combined', LINES_PER_BATCH);
    const work = async (): Promise<readonly [commands: number, bytes: number]> => {
      const [commands, file] = [await client.info('commandstats'), await client.info('persistence')];
      const calls = [...commands.matchAll(/calls=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
      return [calls, Number(/aof_current_size:(\d+)/.exec(file)![1])];
    };
    let sent = 0;
    const send = async (batches: number): Promise<void> => {
      for (let i = 0; i < batches; i++) await statuslens.send('combined', body);
      await statuslens.counted((sent += batches) * LINES_PER_BATCH);
    };
    await send(1); // series that are new to the ledger
    const [commands, bytes] = await work();
    await send(BATCHES);
    const [moreCommands, moreBytes] = await work();
    return {
      'Redis commands a batch': (moreCommands - commands) / BATCHES,
      'bytes in the append-only file, of each byte that was sent':
        (moreBytes - bytes) / (BATCHES * body.length),
    };
  } finally {
    await statuslens.stop();
    client.disconnect();
    await redis.stop();
  }
}
