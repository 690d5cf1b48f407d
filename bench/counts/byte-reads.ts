import { TWIN_NAMES, WorkerReading, logOf } from './reading.js';

const LINES = 500;

/** How often each byte of a log is looked at by itself; what is read in words, or searched by Node, is not counted. */
export function readsPerByte(): Record<string, number> {
  return Object.fromEntries(
    TWIN_NAMES.map((twin) => {
      const log = logOf(twin, LINES);
      const watched = new WatchedBytes(log);
      new WorkerReading(twin).begin(false)(watched.bytes);
      return [`looks at each byte, ${twin}`, watched.reads / log.length];
    }),
  );
}

/** Bytes that count how often they are read one by one. */
class WatchedBytes {
  reads = 0;
  readonly bytes: Uint8Array;

  constructor(log: Uint8Array) {
    this.bytes = new Proxy(log, {
      get: (target, key) => {
        if (typeof key === 'string' && key >= '0' && key <= ':') this.reads++;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}
