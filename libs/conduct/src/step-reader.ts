import type { Reason, Verdict } from '#catalogue';
import { ABSENT, NOT_LOGGED } from '#access-log';
import { FIRST_ATTEMPT_RANK, PLAIN_RANK, rankOf } from './cause-first.js';
import type { Disposition } from './disposition.js';
import {
  FIRST_ATTEMPT,
  HAS_LOCATION,
  IS_CUT,
  IS_EXACT,
  IS_WRITE,
  KINDS,
  MOST_MS,
  NO_LOCATION,
  NOTED,
  QUICK,
  ROLE_BITS,
  SHIFT,
  VERSION,
  unfolded,
  type PieceJudgement,
} from './piece-format.js';
import { SLICE_MS } from './slice.js';
import { StepCursor } from './step-bytes.js';
import { ROLES, type NotedStep, type Step } from './step.js';

/** The beginning of a piece. */
interface Head {
  readonly bytes: Uint8Array;
  readonly slice: number;
  readonly totals: ReadonlyMap<string, number>;
  readonly words: readonly string[];
  readonly judgements: readonly PieceJudgement[];
  /** Where the steps begin. */
  readonly at: number;
  readonly count: number;
}

/**
 * How many requests there are of each vendor.
 * @throws Error if a piece is damaged or of an unknown version
 */
export function pieceTotals(pieces: readonly Uint8Array[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const piece of pieces)
    for (const [vendor, count] of readTotals(cursorOf(piece)).totals)
      all.set(vendor, (all.get(vendor) ?? 0) + count);
  return all;
}

/**
 * The steps of all pieces in the order of their ends; equal ones in an order that only their content decides. Of steps
 * that are not noted it is always the same object: whoever needs one later copies it.
 * @param pieces of the same slice
 * @throws Error if a piece is damaged or of an unknown version
 */
export function stepsInOrder(pieces: readonly Uint8Array[]): Iterable<Step> {
  return new Steps(pieces.map(readHead)).inOrder();
}

/** Where each step is, and what it is sorted by. Most are never more than these numbers, 24 bytes of a step. */
class Steps {
  private readonly slice: number;
  private readonly count: number;
  private readonly beginMs: number;
  /** When it ended, milliseconds since the slice began. */
  private readonly end: Uint16Array;
  private readonly tookMs: Uint32Array;
  private readonly operation: Float64Array;
  private readonly kind: Uint8Array;
  private readonly rank: Uint8Array;
  private readonly piece: Uint32Array;
  /** Where the note is. */
  private readonly at: Uint32Array;

  constructor(private readonly heads: readonly Head[]) {
    this.slice = heads[0]?.slice ?? 0;
    this.count = heads.reduce((sum, { count }) => sum + count, 0);
    this.beginMs = this.slice * SLICE_MS;
    this.end = new Uint16Array(this.count);
    this.tookMs = new Uint32Array(this.count);
    this.operation = new Float64Array(this.count);
    this.kind = new Uint8Array(this.count);
    this.rank = new Uint8Array(this.count);
    this.piece = new Uint32Array(this.count);
    this.at = new Uint32Array(this.count);
    let first = 0;
    heads.forEach((head, piece) => {
      if (head.slice !== this.slice)
        throw new Error(`steps of slice ${head.slice} beside those of slice ${this.slice}`);
      this.read(head, piece, first);
      first += head.count;
    });
  }

  *inOrder(): Generator<Step> {
    const plain = { startMs: 0, endMs: 0, operation: 0, attempt: NOT_LOGGED };
    for (const i of this.order()) {
      if (this.kind[i] === NOTED) {
        yield this.noted(i);
        continue;
      }
      plain.endMs = this.beginMs + this.end[i]!;
      plain.startMs = plain.endMs - this.tookMs[i]!;
      plain.operation = this.operation[i]!;
      plain.attempt = this.kind[i] === FIRST_ATTEMPT ? 1 : NOT_LOGGED;
      yield plain;
    }
  }

  private read({ bytes, count, judgements, at }: Head, piece: number, first: number): void {
    const cursor = new StepCursor(bytes, at);
    let end = 0;
    for (let i = first; i < first + count; i++) {
      const head = cursor.number();
      const kind = head % KINDS;
      end += unfolded((head - kind) / KINDS);
      if (end < 0 || end >= SLICE_MS) throw cursor.damaged('a step of another slice');
      const tookMs = kind === QUICK ? 0 : cursor.number();
      if (tookMs > MOST_MS) throw cursor.damaged('a step that took too long');
      this.kind[i] = kind;
      this.end[i] = end;
      this.tookMs[i] = tookMs;
      this.operation[i] = cursor.hash();
      this.piece[i] = piece;
      this.at[i] = cursor.at;
      this.rank[i] = kind === NOTED ? rankOfNote(bytes, cursor.at, judgements) : rankOfKind(kind);
      if (kind === NOTED) cursor.skipPart();
    }
    if (!cursor.isAtEnd) throw cursor.damaged('more steps than it says');
  }

  /** Steps of a slice end in one of 10,000 milliseconds, so these are told apart first, and what is equal afterwards. */
  private order(): Uint32Array {
    const { order, ends } = this.byMillisecond();
    let from = 0;
    for (const to of ends) {
      if (to - from > 1) this.sortRun(order.subarray(from, to));
      from = to;
    }
    return order;
  }

  /** Counts how many end in each millisecond, and so knows where each has its place. */
  private byMillisecond(): { order: Uint32Array; ends: Uint32Array } {
    const { count, end } = this;
    const ends = new Uint32Array(SLICE_MS);
    for (let i = 0; i < count; i++) ends[end[i]!]!++;
    for (let ms = 0, sum = 0; ms < SLICE_MS; ms++) {
      const here = ends[ms]!;
      ends[ms] = sum;
      sum += here;
    }
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i++) order[ends[end[i]!]!++] = i;
    return { order, ends };
  }

  private sortRun(run: Uint32Array): void {
    run.sort(this.byNumbers);
    for (let from = 0; from < run.length;) {
      let to = from + 1;
      while (to < run.length && this.isAlike(run[from]!, run[to]!)) to++;
      if (to - from > 1) this.sortAlike(run.subarray(from, to));
      from = to;
    }
  }

  private readonly byNumbers = (a: number, b: number): number =>
    this.rank[a]! - this.rank[b]! ||
    this.tookMs[b]! - this.tookMs[a]! ||
    this.operation[a]! - this.operation[b]!;

  /** Whether only their notes can tell them apart. */
  private readonly isAlike = (a: number, b: number): boolean =>
    this.kind[a] === NOTED && this.kind[b] === NOTED && this.byNumbers(a, b) === 0;

  private sortAlike(run: Uint32Array): void {
    const told = Array.from(run, (i) => ({ i, text: JSON.stringify(this.noted(i)) }));
    if (told.every(({ text }) => text === told[0]!.text)) return;
    told.sort((a, b) => (a.text < b.text ? -1 : 1));
    run.set(told.map(({ i }) => i));
  }

  private noted(i: number): NotedStep {
    const head = this.heads[this.piece[i]!]!;
    const cursor = new StepCursor(head.bytes, this.at[i]);
    cursor.enterPart();
    const { vendor, code, verdict, reason, disposition } = judgementIn(cursor, head.judgements);
    const flags = cursor.byte();
    const isWrite = (flags & IS_WRITE) > 0;
    const endMs = this.beginMs + this.end[i]!;
    // every field by its name: spreading an object takes longer than all the rest
    return {
      startMs: endMs - this.tookMs[i]!,
      endMs,
      operation: this.operation[i]!,
      vendor,
      code,
      verdict,
      reason,
      disposition,
      role: ROLES[flags & ROLE_BITS]!,
      isWrite,
      isExact: (flags & IS_EXACT) > 0,
      isCut: (flags & IS_CUT) > 0,
      caller: cursor.hash(),
      resource: cursor.hash(),
      location: (flags & HAS_LOCATION) > 0 ? cursor.hash() : (flags & NO_LOCATION) > 0 ? ABSENT : NOT_LOGGED,
      device: wordIn(cursor, head.words),
      consumer: wordIn(cursor, head.words),
      method: wordIn(cursor, head.words),
      retryAfter: cursor.number() - SHIFT,
      attempt: cursor.number() - SHIFT,
      requestId: isWrite ? cursor.text() : '',
      path: isWrite ? wordIn(cursor, head.words) : '',
    };
  }
}

/** QUICK and PLAIN say the same. */
const rankOfKind = (kind: number): number => (kind === FIRST_ATTEMPT ? FIRST_ATTEMPT_RANK : PLAIN_RANK);

function rankOfNote(bytes: Uint8Array, at: number, judgements: readonly PieceJudgement[]): number {
  const cursor = new StepCursor(bytes, at);
  cursor.enterPart();
  const { verdict, code } = judgementIn(cursor, judgements);
  return rankOf({ verdict, code, role: ROLES[cursor.byte() & ROLE_BITS]! });
}

function judgementIn(cursor: StepCursor, judgements: readonly PieceJudgement[]): PieceJudgement {
  const judgement = judgements[cursor.number()];
  if (judgement === undefined) throw cursor.damaged('no such judgement');
  return judgement;
}

function readHead(bytes: Uint8Array): Head {
  const cursor = cursorOf(bytes);
  const { slice, totals, count } = readTotals(cursor);
  const words = readList(cursor, () => cursor.text());
  const judgements = readList(cursor, () => ({
    vendor: wordIn(cursor, words),
    code: cursor.number(),
    verdict: wordIn(cursor, words) as Verdict,
    reason: wordIn(cursor, words) as Reason,
    disposition: wordIn(cursor, words) as Disposition,
  }));
  return { bytes, slice, totals, count, words, judgements, at: cursor.at };
}

function cursorOf(piece: Uint8Array): StepCursor {
  const cursor = new StepCursor(piece);
  const version = cursor.byte();
  if (version !== VERSION)
    throw new Error(
      `steps of version ${version}, but this program reads version ${VERSION}: they were written by another release`,
    );
  return cursor;
}

function readTotals(cursor: StepCursor): Pick<Head, 'slice' | 'totals' | 'count'> {
  const slice = cursor.number();
  const totals = new Map(readList(cursor, () => [cursor.text(), cursor.number()] as const));
  const count = [...totals.values()].reduce((sum, requests) => sum + requests, 0);
  // a step has seven bytes at least: a number that is damaged must not claim memory
  if (count > cursor.length) throw cursor.damaged(`${count} steps in ${cursor.length} bytes`);
  return { slice, totals, count };
}

function readList<T>(cursor: StepCursor, read: () => T): T[] {
  const length = cursor.number();
  if (length > cursor.length) throw cursor.damaged(`a list of ${length}`);
  return Array.from({ length }, read);
}

function wordIn(cursor: StepCursor, words: readonly string[]): string {
  const number = cursor.number();
  if (number === 0) return cursor.text();
  const word = words[number - 1];
  if (word === undefined) throw cursor.damaged('no such word');
  return word;
}
