import { SentLog, sendAll, warmPipeline } from '../end-to-end.js';
import { numberText, ratio, table } from '../markdown.js';
import { median } from '../median.js';
import type { Part } from '../section.js';

const SIZES = [100_000, 1_000_000, 10_000_000];
/** What one run differs from the next by. */
const NOISE = 1.1;

/** Whether what a line costs grows with the lines before it. */
export const costBySize: Part = async (bench) => {
  const log = new SentLog(bench.files);
  const micros: number[] = [];
  for (const size of SIZES) {
    const rounds: number[] = [];
    for (let round = 1; round <= bench.rounds; round++) {
      bench.tell(`${numberText(size)} lines, round ${round} of ${bench.rounds}`);
      rounds.push(await microsOfLine(log, size));
    }
    micros.push(median(rounds));
  }
  const [first, ...later] = micros as [number, ...number[]];
  const text = `## By the number of lines

combined, gzip, from the first byte to the last line on /metrics, in a ledger of its own; the same lines over and over. Medians of
${bench.rounds} rounds.

${table(
  ['lines', 'µs a line', '× the first'],
  SIZES.map((size, i) => [size.toLocaleString('en-US'), micros[i]!, ratio(micros[i]! / first)]),
)}`;
  const target = {
    what: 'cost of a line from 100,000 to 10,000,000 lines',
    wanted: 'falling or flat (≤ 1.1)',
    measured: later.map((one) => ratio(one / first)).join(', '),
    isKept: later.every((one) => one <= NOISE * first),
  };
  return { text, targets: [target] };
};

async function microsOfLine(log: SentLog, lines: number): Promise<number> {
  const pipeline = await warmPipeline(log, ['combined'], {
    appendfsync: 'everysec',
    workers: 2,
    settings: { late_after: '2h' },
  });
  try {
    return 1e6 / (await sendAll(pipeline, 'combined', log.bodies('combined', 'gzip'), 'gzip', lines));
  } finally {
    await pipeline.stop();
  }
}
