import { Conduct, pieceTotals, stepsInOrder, type ConductPolicy, type Findings } from '#conduct';

/** What there is of a slice of time. */
export interface SliceOfPieces {
  readonly slice: number;
  /** How many requests there should be. */
  readonly requests: number;
  readonly pieces: readonly Uint8Array[];
}

/** What came of judging a stretch of time. */
export interface Judged {
  readonly findings: readonly Pick<Findings, 'additions' | 'gauges' | 'suspects'>[];
  /** What is known of callers from now on. */
  readonly state: Buffer;
  /** Requests of which nothing can be told. */
  readonly unreadable: number;
  /** What had to be left out, in words. */
  readonly faults: readonly string[];
  /** What was known of callers had to be forgotten. */
  readonly isAnew: boolean;
}

function isReadable(piece: Uint8Array): boolean {
  try {
    for (const step of stepsInOrder([piece])) void step;
    return true;
  } catch {
    return false;
  }
}

/** What may be left out, one after the other, until the rest can be judged. */
const ATTEMPTS = [
  { leaving: 'nothing', keepsState: true, keep: () => true },
  { leaving: 'damaged pieces', keepsState: true, keep: isReadable },
  { leaving: 'what was known of callers', keepsState: false, keep: isReadable },
  { leaving: 'all of these slices', keepsState: false, keep: () => false },
] as const;

/**
 * Judges slices in their order. What is damaged, or was written by a newer version, is left out: whatever Redis holds,
 * nobody has to come here twice.
 * @param saved the state after the slice before; undefined if there is none
 */
export function judgeSlices(
  source: string,
  policy: ConductPolicy,
  saved: Buffer | undefined,
  slices: readonly SliceOfPieces[],
): Judged {
  const faults: string[] = [];
  for (const { leaving, keepsState, keep } of ATTEMPTS) {
    const kept = slices.map((one) => ({ ...one, pieces: one.pieces.filter(keep) }));
    try {
      const conduct = new Conduct(source, policy, keepsState ? saved : undefined);
      const findings = kept.map(({ slice, pieces }) => plain(conduct.judge(slice, pieces)));
      const isAnew = !keepsState && saved !== undefined;
      return { findings, state: conduct.save(), unreadable: missing(kept), faults, isAnew };
    } catch (error) {
      faults.push(`leaving out ${leaving}: ${(error as Error).message}`);
    }
  }
  throw new Error(faults.join('; '));
}

/** As what can be sent from thread to thread. */
const plain = ({ additions, gauges, suspects }: Findings): Judged['findings'][number] => ({
  additions,
  gauges,
  suspects,
});

const missing = (slices: readonly SliceOfPieces[]): number =>
  slices.reduce((sum, { requests, pieces }) => sum + Math.max(0, requests - requestsIn(pieces)), 0);

const requestsIn = (pieces: readonly Uint8Array[]): number =>
  [...pieceTotals(pieces).values()].reduce((sum, requests) => sum + requests, 0);
