import { SentLog, warmPipeline } from '../end-to-end.js';
import { latencyAt, type Latency } from '../latency.js';
import { numberText, table } from '../markdown.js';
import type { Bench, Part } from '../section.js';

const BODIES_PER_SECOND = 100;
/** Lines a second, and the workers that they need. */
const LOADS = [
  { offered: 10_000, workers: 1 },
  { offered: 50_000, workers: 1 },
  { offered: 200_000, workers: 2 },
];
const SECONDS = 20;
const PROMISED = 50_000;
const PROMISED_P99_MS = 300;

/** From a line's being sent to its being on /metrics. */
export const latencies: Part = async (bench) => {
  const results: (Latency & { workers: number })[] = [];
  for (const { offered, workers } of LOADS) {
    bench.tell(`latency at ${numberText(offered)} lines/s`);
    results.push({ workers, ...(await latencyOf(bench, offered, workers)) });
  }
  const text = `## From sent to visible

nginx-json, gzip, ${BODIES_PER_SECOND} bodies a second for ${SECONDS} s, whether the ones before are counted or not. /metrics is read all the time, 50 ms
after the page before, which takes a quarter of a core; a Prometheus adds its own interval instead.

${table(
  ['offered, lines/s', 'workers', 'sent, lines/s', 'p50, ms', 'p99, ms'],
  results.map(({ offered, workers, sent, p50, p99 }) => [
    numberText(offered),
    workers,
    sent,
    Math.round(p50),
    Math.round(p99),
  ]),
)}`;
  const { p99 } = results.find(({ offered }) => offered === PROMISED)!;
  const promised = {
    what: `p99 from sent to visible at ${numberText(PROMISED)} lines/s`,
    wanted: `≤ ${PROMISED_P99_MS} ms`,
    measured: `${Math.round(p99)} ms`,
    isKept: p99 <= PROMISED_P99_MS,
  };
  return { text, targets: [promised] };
};

async function latencyOf({ files }: Bench, offered: number, workers: number): Promise<Latency> {
  const log = new SentLog(files, offered / BODIES_PER_SECOND, 400_000);
  const pipeline = await warmPipeline(log, ['nginx-json'], {
    appendfsync: 'everysec',
    workers,
    settings: { late_after: '2h' },
  });
  try {
    return await latencyAt(pipeline, 'nginx-json', log.bodies('nginx-json', 'gzip'), offered, SECONDS);
  } finally {
    await pipeline.stop();
  }
}
