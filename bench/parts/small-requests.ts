import { SentLog } from '../end-to-end.js';
import { numberText, table } from '../markdown.js';
import { median } from '../median.js';
import type { Part } from '../section.js';
import { warmPipeline } from '../end-to-end.js';
import { sendSmall } from '../small-requests.js';

const SIZES = [1, 10];
const CONNECTIONS = [16, 128, 512];
const SECONDS = 5;
const PROMISED = 20_000;

/** Requests of one line and of ten, that are each answered when their lines are stored. */
export const smallRequests: Part = async ({ files, rounds, tell }) => {
  const rates = new Map<string, number[]>();
  const pipeline = await warmPipeline(new SentLog(files), ['combined'], {
    appendfsync: 'everysec',
    settings: { late_after: '2h' },
  });
  try {
    for (let round = 1; round <= rounds; round++)
      for (const size of SIZES) {
        const { bodies } = new SentLog(files, size, 20_000).bodies('combined', 'raw');
        for (const connections of CONNECTIONS) {
          tell(`${size} lines a request, ${connections} connections, round ${round} of ${rounds}`);
          const known = await pipeline.visible('combined');
          const url = `${pipeline.ingest}/ingest/combined`;
          const { answered, seconds } = await sendSmall(url, bodies, connections, SECONDS);
          await pipeline.untilVisible('combined', known + answered * size);
          const key = `${size} ${connections}`;
          rates.set(key, [...(rates.get(key) ?? []), answered / seconds]);
        }
      }
  } finally {
    await pipeline.stop();
  }
  const requests = (size: number, connections: number): number =>
    median(rates.get(`${size} ${connections}`)!);
  const text = `## Small requests

combined, raw, HTTP with keep-alive, one worker; each connection waits for its 202 before it sends the next. Those that come while a
batch is being stored make the next one ([decision 14](decisions/0014-small-bodies-are-stored-together.md)), and all of them are counted.

${table(
  ['connections', '1 line: requests/s', '10 lines: requests/s', '10 lines: lines/s'],
  CONNECTIONS.map((connections) => [
    String(connections),
    requests(1, connections),
    requests(10, connections),
    10 * requests(10, connections),
  ]),
)}`;
  const best = Math.max(...CONNECTIONS.map((connections) => requests(1, connections)));
  const target = {
    what: 'requests of one line, answered when stored',
    wanted: `≥ ${numberText(PROMISED)}/s`,
    measured: `${numberText(best)}/s`,
    isKept: best >= PROMISED,
  };
  return { text, targets: [target] };
};
