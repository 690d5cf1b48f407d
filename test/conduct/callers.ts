import type { Answer } from './server.js';

/** What a caller does after a failure: the same request again, or one with other bytes, so much later. */
interface Next {
  readonly waitMs: number;
  /** How many bytes a changed request is longer; undefined if it is the same. */
  readonly longerBy?: number;
}

interface Failure extends Answer {
  readonly isWrite: boolean;
  /** Which attempt it was, 1 the first. */
  readonly attempt: number;
}

type Behaviour = (failure: Failure, random: () => number) => Next | undefined;

export interface Kind {
  readonly name: string;
  /** undefined: it gives up. */
  readonly next: Behaviour;
  /** What the log shows of callers: each has an address and an agent of its own unless told otherwise. */
  readonly looks?: 'one address' | 'one address, one agent';
  /** Asks for the same thing again and again, whatever the answer was. */
  readonly pollsEveryMs?: number;
  /** Makes things of the same size one after the other, so long after each other, and leaves out what failed. */
  readonly makesEveryMs?: number;
  /** Something between the callers and the gateway repeats reads that failed, once and at once. */
  readonly isBehindProxy?: boolean;
  /** Of how many things callers ask for one; few, where callers work on the same. */
  readonly things: number;
}

const MANY = 500;
const FEW = 40;
const DOWN = new Set([429, 500, 502, 503, 504]);
/** After these nobody knows what became of a write. */
export const UNKNOWN_OUTCOME = new Set([499, 502, 504]);
const ATTEMPTS = 5;

const backOff = ({ attempt }: Failure): number => 1000 * 2 ** (attempt - 1);
const isBlind = ({ isWrite, code }: Failure): boolean => isWrite && UNKNOWN_OUTCOME.has(code);

/** Waits as it is told, with some jitter, and repeats nothing that may have been done. */
const wellBehaved: Behaviour = (failure, random) => {
  if (!DOWN.has(failure.code) || failure.attempt >= ATTEMPTS || isBlind(failure)) return undefined;
  const promisedMs = (failure.retryAfter ?? 0) * 1000;
  const waitMs =
    promisedMs > 0 ? promisedMs * (1 + random() * 0.3) + 20 : backOff(failure) * (0.5 + random());
  return { waitMs };
};

/** Waits as it is told to the millisecond, and repeats whatever failed. */
const stampeding: Behaviour = (failure) => {
  if (failure.code < 429 || failure.attempt >= ATTEMPTS) return undefined;
  return { waitMs: failure.retryAfter === undefined ? backOff(failure) : failure.retryAfter * 1000 };
};

const ignoring: Behaviour = (failure, random) =>
  failure.attempt >= ATTEMPTS ? undefined : { waitMs: 20 + random() * 300 };

/** What was wrong with a request is put right; one change in fifteen does not change its length. */
const changing: Behaviour = (failure, random) =>
  failure.code < 429
    ? { waitMs: 2000 + random() * 20_000, longerBy: Math.floor(random() * 15) }
    : wellBehaved(failure, random);

const nothing: Behaviour = () => undefined;

/** Clients as they are, one kind a row. */
export const KINDS: readonly Kind[] = [
  { name: 'waits, and backs off with jitter', next: wellBehaved, things: MANY },
  { name: 'waits, and comes back on the dot', next: stampeding, things: MANY },
  { name: 'does not wait, repeats everything', next: ignoring, things: MANY },
  { name: 'never comes back', next: nothing, things: MANY },
  { name: 'changes what was refused', next: changing, things: MANY },
  { name: 'polls every ten seconds, whatever it is told', next: nothing, things: MANY, pollsEveryMs: 10_000 },
  { name: 'makes one thing after the other, all alike', next: nothing, things: MANY, makesEveryMs: 5000 },
  { name: 'sits behind a proxy that retries reads', next: wellBehaved, things: MANY, isBehindProxy: true },
  { name: 'shares its address, not its agent', next: wellBehaved, things: FEW, looks: 'one address' },
  {
    name: 'shares its address and its agent',
    next: wellBehaved,
    things: FEW,
    looks: 'one address, one agent',
  },
];
