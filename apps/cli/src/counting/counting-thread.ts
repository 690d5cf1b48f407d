import { parentPort, workerData } from 'node:worker_threads';
import { Catalogue } from '#catalogue';
import { lensOf, type Lines } from '#verdict';
import { LogCounts, type Counting } from './log-counts.js';
import { SharedBlocks } from './shared-blocks.js';
import type { Task, Told } from './thread-messages.js';

/** Counts the blocks of lines that it is given. */

const port = parentPort!;
const blocks = new SharedBlocks(workerData as SharedArrayBuffer);
let counts: LogCounts;
let lines: Lines;

async function begin({ vendorFiles, counting }: Task): Promise<void> {
  counts = new LogCounts(lensOf(new Catalogue(vendorFiles)), await withFunctions(counting));
  port.postMessage('ready');
}

port.on('message', (told: Told) => {
  if ('task' in told) void begin(told.task);
  else if ('writing' in told) lines = counts.begin(told.writing);
  else if ('piece' in told) {
    counts.verdicts.piece = told.piece;
    blocks.take(told.length, (bytes) => lines.push(bytes));
  } else {
    port.postMessage(counts.result());
    port.close();
  }
});

async function withFunctions(counting: Counting): Promise<Counting> {
  const { reading, ignoredAddresses } = counting;
  if (ignoredAddresses.length === 0) return counting;
  const { addressMatcher } = await import('#settings');
  const { paths = [], userAgents = [] } = reading.ignore ?? {};
  const ignore = { paths, userAgents, hasAddress: addressMatcher(ignoredAddresses) };
  return { ...counting, reading: { ...reading, ignore } };
}
