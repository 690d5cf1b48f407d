import { Worker } from 'node:worker_threads';
import type { Target } from './target.js';

/** What a watchdog's thread is given: the memory that both see. */
export interface Watched {
  /** The number of the input, the place of its target, and its length. */
  readonly state: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
  readonly targets: readonly string[];
  readonly seed: number;
  readonly longestMs: number;
}

const MOST_BYTES = 1024 * 1024;
const LONGEST_MS = 60_000;

/** Ends the process with a word on the input at hand if that takes so long that nobody would wait for it. */
export class Watchdog {
  private readonly state = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
  private readonly input = new SharedArrayBuffer(MOST_BYTES);
  private readonly numbers = new Int32Array(this.state);
  private readonly bytes = new Uint8Array(this.input);
  private readonly thread: Worker;

  constructor(
    private readonly targets: readonly Target[],
    seed: number,
  ) {
    const names = targets.map(({ name }) => name);
    const workerData: Watched = {
      state: this.state,
      input: this.input,
      targets: names,
      seed,
      longestMs: LONGEST_MS,
    };
    this.thread = new Worker(new URL('./watchdog-thread.js', import.meta.url), { workerData });
    this.thread.unref();
  }

  /** Told of each input before it is tried. */
  readonly watch = (target: Target, input: Buffer): void => {
    const length = Math.min(input.length, MOST_BYTES);
    this.bytes.set(input.subarray(0, length));
    this.numbers[1] = this.targets.indexOf(target);
    this.numbers[2] = length;
    Atomics.add(this.numbers, 0, 1);
  };

  stop(): Promise<number> {
    return this.thread.terminate();
  }
}
