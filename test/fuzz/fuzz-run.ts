import { createHash } from 'node:crypto';
import { randomFrom } from '../harness/random.js';
import { Mutator } from './mutator.js';
import { shrink } from './shrink.js';
import { SUSPICIOUS_MS, checkGrowth, checkTime, lengths } from './slowness.js';
import type { Target } from './target.js';

interface Failure {
  readonly message: string;
  /** How many inputs came before. */
  readonly after: number;
  readonly found: Buffer;
  /** The smallest input that was found to fail. */
  readonly input: Buffer;
}

export interface Outcome {
  readonly target: string;
  readonly inputs: number;
  readonly seconds: number;
  readonly failure: Failure | undefined;
}

export interface Options {
  readonly seed: number;
  readonly inputs: number;
  /** It ends after so long, however many are left. */
  readonly mostMs?: number;
  /** For so long a smaller input is looked for once one has failed. */
  readonly shrinkMs?: number;
  /** Pieces of these are put in too. */
  readonly strangers: readonly Buffer[];
  /** Told every input before it is tried. */
  readonly onInput?: (target: Target, input: Buffer) => void;
  /** Told now and then how many more were tried. */
  readonly onProgress?: (inputs: number) => void;
}

const SHRINK_MS = 20_000;
const PROGRESS_EVERY = 256;
/** One input in so many is grown, to see what its length costs. */
const GROWN_ONCE_IN = 200;

/** Tries a target with inputs that follow from the seed and its name; ends with the first promise that it breaks. */
export async function fuzz(target: Target, options: Options): Promise<Outcome> {
  const {
    seed,
    inputs,
    mostMs = Infinity,
    shrinkMs = SHRINK_MS,
    strangers,
    onInput = () => {},
    onProgress = () => {},
  } = options;
  const { corpus, words, longest } = target;
  const mutator = new Mutator(randomFrom(seedOf(target, seed)), corpus, strangers, words, longest);
  const start = performance.now();
  const told = (tried: number, failure?: Failure): Outcome => ({
    target: target.name,
    inputs: tried,
    seconds: (performance.now() - start) / 1000,
    failure,
  });
  let tried = 0;
  for (; tried < inputs && performance.now() - start < mostMs; tried++) {
    // what is not mutated is tried first
    const input = corpus[tried] ?? mutator.next();
    const failure = await failureOf(target, input, mutator, onInput);
    if (failure) return told(tried + 1, await shrunk(tried, failure, shrinkMs));
    if (tried % PROGRESS_EVERY === PROGRESS_EVERY - 1) onProgress(PROGRESS_EVERY);
  }
  onProgress(tried % PROGRESS_EVERY);
  return told(tried);
}

interface Found {
  readonly error: unknown;
  readonly input: Buffer;
  /** The same check again. */
  readonly again: (input: Buffer) => Promise<void>;
}

async function failureOf(
  target: Target,
  input: Buffer,
  mutator: Mutator,
  onInput: (target: Target, input: Buffer) => void,
): Promise<Found | undefined> {
  onInput(target, input);
  const started = performance.now();
  try {
    const checked = target.check(input);
    if (checked) await checked;
  } catch (error) {
    return { error, input, again: async (other) => target.check(other) };
  }
  try {
    if (performance.now() - started > SUSPICIOUS_MS) await checkTime(target, input);
  } catch (error) {
    return { error, input, again: (other) => checkTime(target, other) };
  }
  if (!mutator.chance(GROWN_ONCE_IN)) return undefined;
  const [short, long] = mutator.grown(input, lengths(target));
  onInput(target, long);
  try {
    await checkGrowth(target, short, long);
  } catch (error) {
    return { error, input: long, again: (other) => checkGrowth(target, short, other) };
  }
  return undefined;
}

async function shrunk(after: number, { error, input, again }: Found, mostMs: number): Promise<Failure> {
  const kind = kindOf(error);
  const smallest = await shrink(input, mostMs, async (candidate) => {
    try {
      await again(candidate);
      return false;
    } catch (other) {
      return kindOf(other) === kind;
    }
  });
  return {
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    after,
    found: input,
    input: smallest,
  };
}

/** Failures of one kind are thrown at one place. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find((line) => /^\s+at /.test(line) && !line.includes('node:'));
  return `${error.name} ${place ?? ''}`;
}

/** So that a target gets the same inputs whichever others are tried. */
const seedOf = ({ name }: Target, seed: number): number =>
  createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE(0);
