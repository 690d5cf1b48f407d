import { Queue } from 'bullmq';
import { visibleText } from '#access-log';
import { BATCH_QUEUE, QUEUE_OPTIONS, ReplayQueue, freshBatchId, type LogBatch } from '#batches';
import type { DeadBatch } from '#ledger';
import { chosen, parseChoice } from '../chosen-dead.js';
import type { ExitCode, Io } from '../io.js';
import { amount } from '../units.js';
import { withRedis, type Reached } from '../with-redis.js';

/** `statuslens dead replay`: back into the queue, each as a batch of its own that counts once. */
export async function replay(args: readonly string[], io: Io): Promise<ExitCode> {
  const choice = parseChoice(args);
  return withRedis(choice.config, io, async (reached) => {
    let [replayed, missed] = [0, 0];
    const miss = (sentence: string): void => {
      missed++;
      io.stderr.write(`${visibleText(sentence)}\n`);
    };
    for await (const batch of chosen(reached.dead, choice, (id) => miss(`no dead batch ${id}`))) {
      const as = replayOf(batch);
      const result = await reached.dead.replay(batch.id, as);
      if (result === 'absent') miss(`no dead batch ${batch.id}`);
      if (result === 'lost') miss(`${batch.id} cannot be replayed: its bytes were lost`);
      if (result !== 'replayed') continue;
      replayed++;
      io.stdout.write(`${batch.id} is queued again as ${as.id}\n`);
    }
    io.stdout.write(`${amount(replayed, 'batch', 'batches')} replayed\n`);
    if (replayed > 0) await queueNow(reached, io);
    return missed > 0 && choice.ids.length > 0 ? 1 : 0;
  });
}

/** A new id: the old one has been counted, as dead, and its sender may still repeat its key. */
const replayOf = ({ v, source, format, encoding, receivedAt, bytes }: DeadBatch<LogBatch>): LogBatch => ({
  v,
  id: freshBatchId(),
  source,
  format,
  encoding,
  receivedAt,
  bytes,
  keyed: false,
});

/** They are safe already; what cannot be done now is done by a worker. */
async function queueNow({ redis, keys }: Reached, io: Io): Promise<void> {
  const queue = new Queue<LogBatch>(BATCH_QUEUE, {
    ...QUEUE_OPTIONS,
    connection: redis,
    prefix: keys.queuePrefix,
  });
  queue.on('error', () => {});
  try {
    await new ReplayQueue(redis, queue, keys).finish();
  } catch (error) {
    const reason = visibleText((error as Error).message);
    io.stderr.write(`not all are in the queue yet (${reason}); a worker sees to it within a minute\n`);
  } finally {
    await queue.close();
  }
}
