import { visibleText } from '#access-log';
import { chosen, parseChoice } from '../chosen-dead.js';
import type { ExitCode, Io } from '../io.js';
import { amount } from '../units.js';
import { withRedis } from '../with-redis.js';

/** `statuslens dead drop`: for good. */
export async function drop(args: readonly string[], io: Io): Promise<ExitCode> {
  const choice = parseChoice(args);
  return withRedis(choice.config, io, async ({ dead }) => {
    let [dropped, missed] = [0, 0];
    const miss = (id: string): void => {
      missed++;
      io.stderr.write(`no dead batch ${visibleText(id)}\n`);
    };
    for await (const { id } of chosen(dead, choice, miss)) {
      if (await dead.drop(id)) dropped++;
      else miss(id);
    }
    io.stdout.write(`${amount(dropped, 'batch', 'batches')} dropped\n`);
    return missed > 0 && choice.ids.length > 0 ? 1 : 0;
  });
}
