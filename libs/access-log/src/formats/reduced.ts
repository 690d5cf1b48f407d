import * as bytesOf from '../ascii.js';
import { byteAt } from '../byte-search.js';
import { keepAttempts } from '../attempts.js';
import { DecodedTexts } from '../decoded-texts.js';
import {
  type LineReader,
  type TextFormat,
  FIRST_REJECTION,
  NO_STATUS,
  OUTCOMES,
  READ,
  outcomeIndex,
} from '../format.js';
import { ABSENT, CAUSES, MADE_BY, NOT_LOGGED, OTHER_METHOD, type Request } from '../request.js';

const { BACKSLASH, DASH, SPACE, TAB, ZERO } = bytesOf; // V8 folds a module's own constants, not imported ones

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');

/**
 * The fields of a line in their order: numbers, then the statuses of earlier attempts, then texts, then who made the
 * status, which every line has. Empty is not logged, `-` is absent, a text has a {@link PRESENT} in front.
 *
 * Then come the fields that were added later, and a {@link LAST}. A line ends before them if an older version wrote it,
 * and an older version reads a line as if it ended there.
 */
export const NUMBERS = [
  'code',
  'timeMs',
  'method',
  'durationMicros',
  'bodyBytes',
  'retryAfter',
  'complete',
  'partialSuccess',
  'succeededResults',
  'failedResults',
  'timeoutParam',
] as const;
export const TEXTS = [
  'host',
  'path',
  'contentType',
  'ifMatch',
  'ifNoneMatch',
  'errorCode',
  'client',
  'consumer',
  'knownConsumer',
  'userAgent',
  'device',
  'model',
] as const;

export const LATER_NUMBERS = ['startMs', 'requestBytes', 'attempt'] as const;
export const LATER_TEXTS = ['location', 'idempotencyKey'] as const;

/** `.`: ends a line, which else might end with a tab, and blanks at the end of a line get lost. */
export const LAST = 0x2e;
/** `=`: what follows is a text, if only an empty one. */
export const PRESENT = 0x3d;
/** `!`: what follows is the outcome of a line that is no request to judge. */
export const PASSED = 0x21;

type NumberName = (typeof NUMBERS | typeof LATER_NUMBERS)[number];
type TextName = (typeof TEXTS | typeof LATER_TEXTS)[number];

const FIRST_CODE = 100;
const LAST_CODE = 599;
const NO_NUMBER = -3;

class ReducedReader implements LineReader {
  private readonly decoded = new DecodedTexts();
  private fieldEnd = 0;

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    if (bytes[start] === PASSED) return passedOutcome(bytes, start + 1, end);
    this.decoded.reset();
    this.fieldEnd = start - 1;
    for (const name of NUMBERS) if (!this.readNumber(bytes, end, request, name)) return MALFORMED_LINE;
    keepAttempts(bytes, this.next(bytes, end), this.fieldEnd, request);
    for (const name of TEXTS) if (!this.readText(bytes, end, request, name)) return MALFORMED_LINE;
    if (this.fieldEnd >= end) return TRUNCATED;
    request.origin = numberIn(bytes, this.next(bytes, end), this.fieldEnd);
    request.cause = numberIn(bytes, this.next(bytes, end), this.fieldEnd);
    if (!isPossible(request)) return MALFORMED_LINE;
    return this.fieldEnd < end ? this.readLater(bytes, end, request) : READ;
  }

  private readLater(bytes: Uint8Array, end: number, request: Request): number {
    for (const name of LATER_NUMBERS) if (!this.readNumber(bytes, end, request, name)) return MALFORMED_LINE;
    for (const name of LATER_TEXTS) if (!this.readText(bytes, end, request, name)) return MALFORMED_LINE;
    return this.fieldEnd < end ? READ : TRUNCATED;
  }

  /** Steps over one field: from the returned offset to `fieldEnd`. */
  private next(bytes: Uint8Array, end: number): number {
    const start = Math.min(this.fieldEnd + 1, end);
    this.fieldEnd = byteAt(TAB, bytes, start, end);
    return start;
  }

  private readNumber(bytes: Uint8Array, end: number, request: Request, name: NumberName): boolean {
    const value = numberIn(bytes, this.next(bytes, end), this.fieldEnd);
    request[name] = value;
    return value !== NO_NUMBER;
  }

  private readText(bytes: Uint8Array, end: number, request: Request, name: TextName): boolean {
    const start = this.next(bytes, end);
    const stop = this.fieldEnd;
    if (start === stop) return true;
    if (bytes[start] !== PRESENT) {
      request[name].unset(ABSENT);
      return stop - start === 1 && bytes[start] === DASH;
    }
    if (byteAt(BACKSLASH, bytes, start, stop) < stop)
      this.decoded.decode(bytes, start + 1, stop, request[name]);
    else request[name].set(bytes, start + 1, stop);
    return true;
  }
}

/** The digits between two offsets; every number of a request is a safe integer. */
function numberIn(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return NOT_LOGGED;
  if (end - start === 1 && bytes[start] === DASH) return ABSENT;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return NO_NUMBER;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : NO_NUMBER;
}

const isPossible = ({ code, method, origin, cause }: Request): boolean =>
  code >= FIRST_CODE &&
  code <= LAST_CODE &&
  method <= OTHER_METHOD &&
  origin >= 0 &&
  origin < MADE_BY.length &&
  cause >= 0 &&
  cause < CAUSES.length;

/** `malformed_json {"aaaaaa":`: the name of the outcome, then the shape of the line. */
function passedOutcome(bytes: Uint8Array, start: number, end: number): number {
  const name = Buffer.from(bytes.subarray(start, byteAt(SPACE, bytes, start, end))).toString('latin1');
  const outcome = (OUTCOMES as readonly string[]).indexOf(name);
  return outcome === NO_STATUS || outcome >= FIRST_REJECTION ? outcome : MALFORMED_LINE;
}

/** What ingest makes of the lines of a source with `privacy: strict`; nobody else writes it, so no one can choose it. */
export const reduced: TextFormat = {
  name: 'reduced',
  about: 'What ingest keeps of the lines of a source with privacy: strict.',
  kind: 'text',
  origins: MADE_BY,
  reader: () => new ReducedReader(),
};
