import { KINDS, UNKNOWN_OUTCOME } from './callers.js';
import { inferredOf, type Inferred } from './inference.js';
import { LOGS, type Log } from './log-lines.js';
import { isWrite, trafficOf, type Sent } from './traffic.js';

/** How much of what is counted is true, and how much of what is true is counted. */
export interface Accuracy {
  readonly hits: number;
  /** Counted, and not so. */
  readonly false: number;
  /** So, and not counted. */
  readonly missed: number;
}

/** What is measured; `truth` and `inferred` are of the same request. */
export const MEASURES = {
  retries: {
    truth: ({ retryOf }: Sent) => retryOf !== undefined,
    inferred: ({ previousCode }: Inferred, { retryOf }: Sent) =>
      previousCode !== undefined && (retryOf === undefined || retryOf.code === previousCode),
  },
  early: {
    truth: ({ retryOf, startMs }: Sent) =>
      retryOf?.retryAfter !== undefined && startMs < retryOf.endMs + retryOf.retryAfter * 1000,
    inferred: ({ isEarly }: Inferred) => isEarly,
  },
  repeatedWrites: {
    truth: (sent: Sent) =>
      isWrite(sent) && sent.retryOf !== undefined && UNKNOWN_OUTCOME.has(sent.retryOf.code),
    inferred: ({ repeatsUnknownWrite }: Inferred) => repeatsUnknownWrite,
  },
} as const;
export type Measure = keyof typeof MEASURES;

export interface Measured {
  readonly kind: string;
  readonly log: Log;
  readonly requests: number;
  readonly accuracy: Readonly<Record<Measure, Accuracy>>;
}

export interface Size {
  readonly seed: number;
  /** Callers of each kind, and for how long they work. */
  readonly callers: number;
  readonly minutes: number;
}

/** Every kind of client, seen through every kind of log. */
export function* measure({ seed, callers, minutes }: Size): Generator<Measured> {
  for (const [i, kind] of KINDS.entries()) {
    const sent = trafficOf(kind, callers, minutes, seed + i);
    for (const log of LOGS) {
      const inferred = inferredOf(sent.map(log.line), log);
      yield { kind: kind.name, log, requests: sent.length, accuracy: accuracyOf(sent, inferred) };
    }
  }
}

const accuracyOf = (sent: readonly Sent[], inferred: readonly Inferred[]): Measured['accuracy'] =>
  Object.fromEntries(
    Object.entries(MEASURES).map(([measure, { truth, inferred: infer }]) => {
      const count = (isTrue: boolean, isInferred: boolean): number =>
        sent.filter((one, i) => truth(one) === isTrue && infer(inferred[i]!, one) === isInferred).length;
      return [measure, { hits: count(true, true), false: count(false, true), missed: count(true, false) }];
    }),
  ) as Record<Measure, Accuracy>;

/** Of what is counted, the share that is so; undefined if nothing is counted. */
export const precision = ({ hits, false: wrong }: Accuracy): number | undefined =>
  hits + wrong === 0 ? undefined : hits / (hits + wrong);

/** Of what is so, the share that is counted; undefined if there is nothing to be counted. */
export const recall = ({ hits, missed }: Accuracy): number | undefined =>
  hits + missed === 0 ? undefined : hits / (hits + missed);
