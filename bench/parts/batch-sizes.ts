import { SentLog, sendAll, warmPipeline } from '../end-to-end.js';
import { ratio, table } from '../markdown.js';
import { median } from '../median.js';
import type { Part } from '../section.js';

const SIZES = [10, 100, 1000, 4000, 10_000];
/** Batches of a size in a round: small ones would take minutes else. */
const MOST_BATCHES = 4000;
const SETTINGS = { late_after: '2h' };

/** Lines a second by the lines of a batch. */
export const batchSizes: Part = async ({ files, lines, rounds, tell }) => {
  const rates = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  const logs = new Map(
    SIZES.map((size) => [size, new SentLog(files, size, Math.min(lines, size * MOST_BATCHES))] as const),
  );
  const pipeline = await warmPipeline(new SentLog(files), ['combined'], {
    appendfsync: 'everysec',
    workers: 2,
    settings: SETTINGS,
  });
  try {
    for (let round = 1; round <= rounds; round++)
      for (const size of SIZES) {
        tell(`batches of ${size} lines, round ${round} of ${rounds}`);
        const bodies = logs.get(size)!.bodies('combined', 'gzip');
        rates.get(size)!.push(await sendAll(pipeline, 'combined', bodies, 'gzip'));
      }
  } finally {
    await pipeline.stop();
  }
  const medians = SIZES.map((size) => median(rates.get(size)!));
  const usual = medians[SIZES.indexOf(4000)]!;
  const text = `## By the size of a batch

combined, gzip, eight senders that each wait for their answer. Bodies of up to 8 KiB compressed are stored together
([decision 14](decisions/0014-small-bodies-are-stored-together.md)).

${table(
  ['lines a body', 'lines/s', '× 4,000 lines'],
  SIZES.map((size, i) => [size.toLocaleString('en-US'), medians[i]!, ratio(medians[i]! / usual)]),
)}`;
  return { text, targets: [] };
};
