import { SentLog, warmPipeline } from '../end-to-end.js';
import { latencyAt, type Latency } from '../latency.js';
import { table } from '../markdown.js';
import type { Part } from '../section.js';

const OFFERED = [10_000, 50_000, 200_000];
const SECONDS = 20;
/** As a shipper that flushes often, so that a batch is no second of log. */
const LINES_PER_BODY = 500;
const PROMISED = 50_000;
const PROMISED_P99_MS = 300;

/** From a line's being sent to its being on /metrics. */
export const latencies: Part = async ({ files, tell }) => {
  const log = new SentLog(files, LINES_PER_BODY, 400_000);
  const results: Latency[] = [];
  const pipeline = await warmPipeline(log, ['nginx-json'], {
    appendfsync: 'everysec',
    workers: 2,
    settings: { late_after: '2h' },
  });
  try {
    for (const offered of OFFERED) {
      tell(`latency at ${offered} lines/s`);
      results.push(
        await latencyAt(pipeline, 'nginx-json', log.bodies('nginx-json', 'gzip'), offered, SECONDS),
      );
    }
  } finally {
    await pipeline.stop();
  }
  const text = `## From sent to visible

nginx-json in bodies of ${LINES_PER_BODY} lines, gzip, at a steady rate for ${SECONDS} s, whether the ones before are counted or not. /metrics is
read all the time, 10 ms after the page before; a Prometheus adds its own interval.

${table(
  ['offered, lines/s', 'sent, lines/s', 'p50, ms', 'p99, ms'],
  results.map(({ offered, sent, p50, p99 }) => [
    offered.toLocaleString('en-US'),
    sent,
    Math.round(p50),
    Math.round(p99),
  ]),
)}`;
  const { p99 } = results.find(({ offered }) => offered === PROMISED)!;
  const promised = {
    what: `p99 from sent to visible at ${PROMISED.toLocaleString('en-US')} lines/s`,
    wanted: `≤ ${PROMISED_P99_MS} ms`,
    measured: `${Math.round(p99)} ms`,
    isKept: p99 <= PROMISED_P99_MS,
  };
  return { text, targets: [promised] };
};
