import type { Target } from './target.js';

const SHORT = 4 * 1024;
/** What costs its length takes so many times as long for the longer one; what costs its square, four times that. */
const TIMES_LONGER = 4;
const MOST_TIMES_SLOWER = 9;
/** Shorter times say more of the machine than of the code. */
const LEAST_MS = 4;
const REPEATS = 7;

/** No input may take so long, whatever it is: a hundred thousand braces included. */
const HANG_MS = 2000;
/** An input that took longer is looked at again. */
export const SUSPICIOUS_MS = HANG_MS / 2;

class TooSlow extends Error {}

/** Milliseconds for which this process computed: other processes do not count. */
function computed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of the quickest of several, since a busy machine adds and never takes away. */
async function quickest(target: Target, input: Buffer, repeats: number): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = computed();
    await target.check(input);
    best = Math.min(best, computed() - start);
  }
  return best;
}

/** How many bytes are put in, first and then, to see what they cost. */
export function lengths({ longest = Infinity }: Target): readonly [short: number, long: number] {
  const short = Math.min(SHORT, Math.floor(longest / TIMES_LONGER / 2));
  return [short, TIMES_LONGER * short];
}

/** @throws TooSlow if a piece that is repeated costs more than its length @param short, long of {@link lengths} */
export async function checkGrowth(target: Target, short: Buffer, long: Buffer): Promise<void> {
  for (const repeats of [1, REPEATS]) {
    const longMs = await quickest(target, long, repeats);
    // the first time also compiles: what is quick from then on is quick
    if (longMs < LEAST_MS) return;
    const times = longMs / (await quickest(target, short, repeats));
    if (times <= MOST_TIMES_SLOWER) return;
    if (repeats === REPEATS)
      throw new TooSlow(
        `${long.length} bytes take ${times.toFixed(1)} times as long as ${short.length} of the same kind`,
      );
  }
}

/** @throws TooSlow if an input that took long does so again and again */
export async function checkTime(target: Target, input: Buffer): Promise<void> {
  const ms = await quickest(target, input, 3);
  if (ms > HANG_MS) throw new TooSlow(`${input.length} bytes take ${Math.round(ms)} ms`);
}
