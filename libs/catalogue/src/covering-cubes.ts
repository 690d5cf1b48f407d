/** Truth of some of several conditions, as bits: those in `care` must be as they are in `value`. */
export interface Cube {
  readonly care: number;
  readonly value: number;
}

/**
 * The fewest and shortest conjunctions that hold in all the given worlds and in no other, but for those that do not
 * count: prime implicants, then the largest first until all are covered (Quine and McCluskey).
 * @param worlds combinations of truth, a bit each; @param free combinations that cannot be; @param size number of bits
 */
export function coveringCubes(worlds: readonly number[], free: readonly number[], size: number): Cube[] {
  const all = 2 ** size - 1;
  const primes = primeCubes([...worlds, ...free].map((value) => ({ care: all, value })));
  const open = new Set(worlds);
  const chosen: Cube[] = [];
  while (open.size > 0) {
    const covers = (cube: Cube): number[] => [...open].filter((world) => holdsIn(cube, world));
    const best = primes.reduce((a, b) => (covers(b).length > covers(a).length ? b : a));
    for (const world of covers(best)) open.delete(world);
    chosen.push(best);
  }
  return chosen;
}

const holdsIn = ({ care, value }: Cube, world: number): boolean => (world & care) === value;

/** Joins cubes that differ in one condition until none can be joined. */
function primeCubes(cubes: readonly Cube[]): Cube[] {
  const joined = new Map<string, Cube>();
  const primes: Cube[] = [];
  for (const a of cubes) {
    let isPrime = true;
    for (const b of cubes) {
      const difference = a.value ^ b.value;
      if (a.care !== b.care || !isOneBit(difference)) continue;
      isPrime = false;
      const cube = { care: a.care & ~difference, value: a.value & ~difference };
      joined.set(`${cube.care} ${cube.value}`, cube);
    }
    if (isPrime) primes.push(a);
  }
  return joined.size > 0 ? [...primeCubes([...joined.values()]), ...primes] : primes;
}

const isOneBit = (bits: number): boolean => bits !== 0 && (bits & (bits - 1)) === 0;
