import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { literal } from './shrink.js';
import type { Watched } from './watchdog.js';

const { state, input, targets, seed, longestMs } = workerData as Watched;
const numbers = new Int32Array(state);
const STDERR = 2;

let seen = -1;
setInterval(() => {
  const now = Atomics.load(numbers, 0);
  if (now === seen) end();
  seen = now;
}, longestMs);

/** The other thread cannot be asked any more: it is ended together with this one. */
function end(): void {
  const bytes = Buffer.from(input, 0, numbers[2]);
  writeSync(STDERR, `\n${targets[numbers[1]!]} hangs, seed ${seed}, with ${literal(bytes)}\n`);
  process.kill(process.pid, 'SIGKILL');
}
