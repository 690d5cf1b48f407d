import * as bytesOf from './ascii.js';
import { ascii } from './ascii.js';
import { NO_STATUS, OUTCOMES } from './format.js';
import { LAST, LATER_NUMBERS, LATER_TEXTS, NUMBERS, PASSED, PRESENT, TEXTS } from './formats/reduced.js';
import { SAMPLE_BYTES } from './line-sample.js';
import { writeLineShape } from './line-shape.js';
import { ABSENT, NOT_LOGGED, type Request, type Text } from './request.js';

const { BACKSLASH, COMMA, DASH, LF, SPACE, TAB, ZERO } = bytesOf; // V8 folds a module's own constants, not imported ones

const FIRST_CAPACITY = 32 * 1024;
/** More than all numbers of a line, or the shape of one, take. */
const MOST_BESIDE_TEXTS = 512 + SAMPLE_BYTES;
const LONGEST_ESCAPE = 6;
const OUTCOME_NAMES = OUTCOMES.map(ascii);

/** Writes lines of the format `reduced`, one behind the other. */
export class ReducedLines {
  private bytes = new Uint8Array(FIRST_CAPACITY);
  private length = 0;

  /** The lines since the last call; they are the caller's. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = new Uint8Array(Math.max(FIRST_CAPACITY, this.length));
    this.length = 0;
    return taken;
  }

  /** Writes everything of a request but its id. */
  write(request: Request): void {
    this.makeRoom(MOST_BESIDE_TEXTS);
    for (const name of NUMBERS) this.field(request[name]);
    this.attempts(request);
    for (const name of TEXTS) this.text(request[name]);
    this.makeRoom(MOST_BESIDE_TEXTS);
    this.field(request.origin);
    this.field(request.cause);
    for (const name of LATER_NUMBERS) this.field(request[name]);
    for (const name of LATER_TEXTS) this.text(request[name]);
    this.makeRoom(2);
    this.bytes[this.length++] = LAST;
    this.bytes[this.length++] = LF;
  }

  /** Writes that there was a request of which nothing is to be known but that it is ignored. */
  ignore(): void {
    this.makeRoom(MOST_BESIDE_TEXTS);
    this.outcome(NO_STATUS);
    this.bytes[this.length++] = LF;
  }

  /**
   * Writes of a line that could not be read why, and its shape.
   * @param outcome an index of OUTCOMES, not READ; `bytes[start, end)` is the line
   */
  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    if (outcome === NO_STATUS) return this.ignore();
    this.makeRoom(MOST_BESIDE_TEXTS);
    this.outcome(outcome);
    this.bytes[this.length++] = SPACE;
    this.length = writeLineShape(bytes, start, end, this.bytes, this.length);
    this.bytes[this.length++] = LF;
  }

  private outcome(outcome: number): void {
    const name = OUTCOME_NAMES[outcome]!;
    this.bytes[this.length++] = PASSED;
    this.bytes.set(name, this.length);
    this.length += name.length;
  }

  private field(value: number): void {
    if (value === ABSENT) this.bytes[this.length++] = DASH;
    else if (value !== NOT_LOGGED) this.digits(value);
    this.bytes[this.length++] = TAB;
  }

  private digits(value: number): void {
    let width = 1;
    for (let power = 10; value >= power; power *= 10) width++;
    let rest = value;
    for (let at = this.length + width - 1; at >= this.length; at--) {
      const tens = Math.floor(rest / 10);
      this.bytes[at] = rest - 10 * tens + ZERO;
      rest = tens;
    }
    this.length += width;
  }

  private attempts({ earlierAttempts, attemptCount }: Request): void {
    for (let i = 0; i < attemptCount; i++) {
      if (i > 0) this.bytes[this.length++] = COMMA;
      this.digits(earlierAttempts[i]!);
    }
    this.bytes[this.length++] = TAB;
  }

  private text({ bytes, start, end }: Text): void {
    this.makeRoom(2 + LONGEST_ESCAPE * (end - start));
    if (start >= 0) {
      this.bytes[this.length++] = PRESENT;
      for (let i = start; i < end; i++) this.byte(bytes[i]!);
    } else if (start === ABSENT) this.bytes[this.length++] = DASH;
    this.bytes[this.length++] = TAB;
  }

  /** What would end a field or a line is escaped as JSON does it. */
  private byte(byte: number): void {
    if (byte >= SPACE && byte !== BACKSLASH) {
      this.bytes[this.length++] = byte;
      return;
    }
    this.bytes.set(ascii(`\\u00${byte.toString(16).padStart(2, '0')}`), this.length);
    this.length += LONGEST_ESCAPE;
  }

  private makeRoom(bytes: number): void {
    if (this.bytes.length - this.length >= bytes) return;
    const grown = new Uint8Array(2 * (this.bytes.length + bytes));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
