import { SentLog, sendAll, warmPipeline } from '../end-to-end.js';
import { ratio, table } from '../markdown.js';
import { median } from '../median.js';
import type { Part } from '../section.js';

const WORKERS = [1, 2, 4];
const SETTINGS = { late_after: '2h' };

/** Lines a second by the number of worker processes. */
export const workers: Part = async ({ files, lines, rounds, tell }) => {
  const log = new SentLog(files);
  const rates = new Map<number, number[]>(WORKERS.map((count) => [count, []]));
  for (let round = 1; round <= rounds; round++)
    for (const count of WORKERS) {
      tell(`${count} workers, round ${round} of ${rounds}`);
      const pipeline = await warmPipeline(log, ['combined'], {
        appendfsync: 'everysec',
        workers: count,
        settings: SETTINGS,
      });
      try {
        rates
          .get(count)!
          .push(await sendAll(pipeline, 'combined', log.bodies('combined', 'gzip'), 'gzip', lines));
      } finally {
        await pipeline.stop();
      }
    }
  const medians = WORKERS.map((count) => median(rates.get(count)!));
  const text = `## By the number of workers

combined, gzip, lines/s. A worker is one process: one thread reads, judges and counts lines, others inflate them and judge callers.

${table(
  ['workers', 'lines/s', '× one worker'],
  WORKERS.map((count, i) => [String(count), medians[i]!, ratio(medians[i]! / medians[0]!)]),
)}`;
  return { text, targets: [] };
};
