import { TWIN_NAMES, WorkerReading, logOf } from './reading.js';

const LINES = 20_000;
/** Until all that is called often is compiled: what is not allocates for numbers. */
const WARM_UPS = 8;
const ROUNDS = 4;

/**
 * Bytes of the heap that a line takes while it is read, judged and counted, and with what is written to follow callers. What a
 * batch takes is in it, spread over its lines. Needs a young generation that is larger than all of it
 * (`--max-semi-space-size`), so that nothing is collected meanwhile.
 */
export function allocatedPerLine(): Record<string, number> {
  return Object.fromEntries(
    TWIN_NAMES.flatMap((twin) => {
      const log = logOf(twin, LINES);
      const reading = new WorkerReading(twin);
      return [false, true].map((isFollowed): [string, number] => {
        for (let i = 0; i < WARM_UPS; i++) reading.begin(isFollowed)(log);
        const counts = Array.from({ length: ROUNDS }, () => allocated(reading.begin(isFollowed), log));
        return [
          `bytes allocated a line, ${isFollowed ? 'followed' : 'counted'}, ${twin}`,
          Math.min(...counts) / LINES,
        ];
      });
    }),
  );
}

function allocated(read: (bytes: Uint8Array) => void, log: Buffer): number {
  globalThis.gc!();
  const before = process.memoryUsage().heapUsed;
  read(log);
  return process.memoryUsage().heapUsed - before;
}
