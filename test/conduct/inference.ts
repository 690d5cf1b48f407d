import { readFileSync, readdirSync } from 'node:fs';
import { NO_STATUS } from '#access-log';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { StepWriter, endOfSlice, type ConductPolicy, type Piece } from '#conduct';
import { SourceReader, lensOf, type Counts } from '#verdict';
import { Findings } from '../../libs/conduct/src/findings.js';
import { stepsInOrder } from '../../libs/conduct/src/step-reader.js';
import { isNoted, type Step } from '../../libs/conduct/src/step.js';
import type { Tracker } from '../../libs/conduct/src/tracker.js';
import { Retries } from '../../libs/conduct/src/trackers/retries.js';
import { UnknownWrites } from '../../libs/conduct/src/trackers/unknown-writes.js';
import { POLICY, countedOf } from '../harness/steps.js';
import type { Log } from './log-lines.js';

/** What statuslens makes of one request. */
export interface Inferred {
  /** The status of the request that it is taken for a retry of. */
  readonly previousCode: number | undefined;
  readonly isEarly: boolean;
  readonly repeatsUnknownWrite: boolean;
}

const POLICY_OF_RUN: ConductPolicy = { ...POLICY, maxOperations: 50_000 };

const VENDORS = 'libs/catalogue/vendors';
const lens = lensOf(
  new Catalogue(
    readdirSync(VENDORS).map(
      (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
    ),
  ),
);
const MAX_LINE = 65_536;

const readerOf = (format: string): SourceReader => new SourceReader(lens, { vendor: 'otc-dcs', format });

/** Reads lines as a worker does. @param next the writer for the next line @returns nothing: the writers have the steps */
function write(lines: readonly string[], { format }: Log, next: () => StepWriter): void {
  const reader = readerOf(format);
  const counts: Counts = {
    classify(cell, request) {
      next().add(cell, request);
    },
    unanswered(cell, request) {
      next().add(cell, request);
    },
    ignore: notJudged,
    pass: (outcome) => outcome === NO_STATUS || notJudged(),
  };
  const open = reader.begin(counts, MAX_LINE);
  open.push(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  open.end();
}

function notJudged(): never {
  throw new Error('a line of the generated traffic was not judged');
}

const { consumers } = readerOf('combined');
const newWriter = (): StepWriter => new StepWriter(lens, consumers, Number.MAX_SAFE_INTEGER);

/** The pieces of a batch of lines. */
export function piecesOf(lines: readonly string[], log: Log): Piece[] {
  const writer = newWriter();
  write(lines, log, () => writer);
  return writer.pieces();
}

/** What is inferred of each line, in their order. */
export function inferredOf(lines: readonly string[], log: Log): Inferred[] {
  const writers: StepWriter[] = [];
  write(lines, log, () => {
    const writer = newWriter();
    writers.push(writer);
    return writer;
  });
  const inferred: Inferred[] = [];
  const lineOf = new LinesBySteps();
  const slices = new Map<number, Uint8Array[]>();
  writers.forEach((writer, line) => {
    const [piece] = writer.pieces();
    if (piece === undefined) throw new Error(`line ${line} cannot be followed: ${lines[line]}`);
    lineOf.add(piece.steps, line);
    slices.set(piece.slice, [...(slices.get(piece.slice) ?? []), piece.steps]);
  });
  const judge = new OneByOne();
  for (const [slice, pieces] of [...slices].sort(([a], [b]) => a - b)) {
    for (const step of stepsInOrder(pieces)) inferred[lineOf.take(step)] = judge.infer(step);
    judge.settle(slice);
  }
  return inferred;
}

/** Which line a step is of; of lines that give the same step, the first. */
class LinesBySteps {
  private readonly lines = new Map<string, number[]>();

  add(piece: Uint8Array, line: number): void {
    for (const step of stepsInOrder([piece])) {
      const key = JSON.stringify(step);
      const alike = this.lines.get(key);
      if (alike === undefined) this.lines.set(key, [line]);
      else alike.push(line);
    }
  }

  take(step: Step): number {
    return this.lines.get(JSON.stringify(step))!.shift()!;
  }
}

/** The trackers, asked after each step what it has changed. */
class OneByOne {
  private readonly trackers: readonly Tracker[] = [
    new Retries(POLICY_OF_RUN, undefined),
    new UnknownWrites(POLICY_OF_RUN, undefined),
  ];

  infer(step: Step): Inferred {
    const findings = new Findings('s');
    for (const tracker of this.trackers)
      if (isNoted(step)) tracker.noted(step, findings);
      else tracker.plain?.(step, findings);
    const [retry] = Object.keys(countedOf(findings, 'retries'));
    return {
      previousCode: retry === undefined ? undefined : Number(retry.split('|')[1]),
      isEarly: Object.keys(countedOf(findings, 'retryWaits')).some((labels) => labels.endsWith('early')),
      repeatsUnknownWrite: findings.suspects.length > 0,
    };
  }

  settle(slice: number): void {
    for (const tracker of this.trackers) tracker.settle(endOfSlice(slice), new Findings('s'));
  }
}
