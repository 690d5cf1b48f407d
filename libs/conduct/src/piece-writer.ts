import type { Catalogue } from '#catalogue';
import { dispositionOf } from './disposition.js';
import { GlanceWriter } from './glance-writer.js';
import { FIRST_ATTEMPT, KINDS, NOTED, PLAIN, QUICK, VERSION, folded } from './piece-format.js';
import { SLICE_MS } from './slice.js';
import { StepBytes } from './step-bytes.js';

/** So many words of a piece have a number. */
const MOST_WORDS = 500;
const NO_PLACE = 0;
const FIRST_BYTES = 256;

/** By a number from 0 up; undefined of a word that has not come yet. */
type Places = (number | undefined)[];

/** Writes the steps of one slice of a batch: see piece-format.ts. */
export class PieceWriter {
  /** What it tells of each device, by the number that the batch has for it. */
  readonly glances: (GlanceWriter | undefined)[] = [];
  readonly steps = new StepBytes(FIRST_BYTES);
  /** Places of words in the list, by the numbers that whoever writes has for them. */
  readonly devices: Places = [];
  readonly consumers: Places = [];
  readonly methods: Places = [];
  readonly paths: Places = [];
  private readonly words = new Map<string, number>();
  private readonly judged = new Map<number, number>();
  private readonly beginMs: number;
  private lastMs: number;
  private note = 0;

  constructor(
    private readonly catalogue: Catalogue,
    readonly slice: number,
  ) {
    this.beginMs = slice * SLICE_MS;
    this.lastMs = this.beginMs;
  }

  covers(endMs: number): boolean {
    return endMs >= this.beginMs && endMs < this.beginMs + SLICE_MS;
  }

  /** @param tookMs from 0 to 2^31 - 1 */
  plain(endMs: number, tookMs: number, isFirstAttempt: boolean, operation: number): void {
    const kind = isFirstAttempt ? FIRST_ATTEMPT : tookMs > 0 ? PLAIN : QUICK;
    this.begin(kind, endMs);
    if (kind !== QUICK) this.steps.number(tookMs);
    this.steps.hash(operation);
  }

  /** The note is written into `steps`, until `endNote`. */
  beginNote(endMs: number, tookMs: number, operation: number): void {
    this.begin(NOTED, endMs);
    this.steps.number(tookMs);
    this.steps.hash(operation);
    this.note = this.steps.beginPart();
  }

  endNote(): void {
    this.steps.endPart(this.note);
  }

  glance(device: number): GlanceWriter {
    return (this.glances[device] ??= new GlanceWriter());
  }

  /** Writes a word by its place, or itself where there are too many. */
  word(word: string, into = this.steps): void {
    const place = this.placeOf(word);
    into.number(place);
    if (place === NO_PLACE) into.text(word);
  }

  /** Writes a word of which `places` has the place by its number, if it has come before; so it is not looked for again. */
  wordOf(places: Places, number: number, word: string): void {
    const place = (places[number] ??= this.placeOf(word));
    this.steps.number(place);
    if (place === NO_PLACE) this.steps.text(word);
  }

  /** Writes a word that has no number. */
  ownWord(bytes: Uint8Array, start: number, end: number): void {
    this.steps.number(NO_PLACE);
    this.steps.raw(bytes, start, end);
  }

  /** @returns the place of a judgement in the list of the piece */
  judgement(cell: number): number {
    let place = this.judged.get(cell);
    if (place === undefined) this.judged.set(cell, (place = this.judged.size));
    return place;
  }

  /** @param requests of each vendor */
  finish(requests: ReadonlyMap<string, number>): Uint8Array {
    const judgements = this.judgements();
    const head = new StepBytes(FIRST_BYTES);
    head.byte(VERSION);
    head.number(this.slice);
    head.number(requests.size);
    for (const [vendor, count] of requests) {
      head.text(vendor);
      head.number(count);
    }
    head.number(this.words.size);
    for (const word of this.words.keys()) head.text(word);
    return Buffer.concat([head.written, judgements.written, this.steps.written]);
  }

  /** From 1 on, or NO_PLACE where the list is full. */
  private placeOf(word: string): number {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    if (this.words.size >= MOST_WORDS) return NO_PLACE;
    const place = this.words.size + 1;
    this.words.set(word, place);
    return place;
  }

  private begin(kind: number, endMs: number): void {
    this.steps.number(folded(endMs - this.lastMs) * KINDS + kind);
    this.lastMs = endMs;
  }

  private judgements(): StepBytes {
    const { catalogue } = this;
    const bytes = new StepBytes(FIRST_BYTES);
    bytes.number(this.judged.size);
    for (const cell of this.judged.keys()) {
      const judgement = catalogue.judgement(cell);
      const { verdict, reason } = judgement;
      const code = catalogue.code(cell);
      this.word(catalogue.vendorName(cell), bytes);
      bytes.number(code);
      this.word(verdict, bytes);
      this.word(reason, bytes);
      this.word(dispositionOf(catalogue, catalogue.vendorIdOf(cell), code, judgement), bytes);
    }
    return bytes;
  }
}
