import { JsonMembers, isJsonBlank } from './json-members.js';
import { eachJsonObject } from './json-sequence.js';
import { jsonText } from './json-text.js';

const LF = 0x0a;
const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const NULL = Buffer.from('null');

/** Under which an event may come, the first that says most. */
export const HEC_NAMES = ['index', 'source', 'sourcetype'] as const;
/** What the query says of all events; an envelope may say otherwise. */
export type HecNames = Readonly<Partial<Record<(typeof HEC_NAMES)[number], string>>>;

const EVENT = HEC_NAMES.length;
const ENVELOPE = new JsonMembers([...HEC_NAMES, 'event']);
const NO_MEMBERS = new JsonMembers([]);

/** What is wrong with an event, as the collector's own codes name it. */
export type HecFault = 'invalid_data_format' | 'event_field_required' | 'event_field_blank';

/** What came of the events of a request. */
export interface HecReading {
  /** How many are as they should be. */
  readonly good: number;
  /** The first that is not, counted from 0. */
  readonly bad: { readonly fault: HecFault; readonly number: number } | undefined;
}

/** @param names what it goes by, most telling first */
type OnEvent = (names: readonly string[], event: Uint8Array) => void;

/**
 * Reads `/services/collector/event`: envelopes one behind the other, in lines or in a list. The event is the text, or
 * the object, in `event`. What is no envelope is given as it came, under the names of the one before it, so that it is
 * counted as rejected beside its neighbours.
 */
export function readHecEvents(body: Buffer, names: HecNames, take: OnEvent): HecReading {
  const envelopes = new EnvelopeNames(body, names);
  let number = 0;
  let good = 0;
  let bad: HecReading['bad'];
  eachJsonObject(body, ENVELOPE, (start, end, isObject) => {
    const fault = isObject ? faultOf(body) : 'invalid_data_format';
    if (fault === undefined) good++;
    else bad ??= { fault, number };
    if (isObject) envelopes.read();
    take(envelopes.last, fault === undefined ? eventOf(body) : body.subarray(start, end));
    number++;
  });
  return { good, bad };
}

/** Of the envelope that was read last, as all that follows. */
function faultOf(body: Buffer): HecFault | undefined {
  if (!ENVELOPE.has(EVENT)) return 'event_field_required';
  const start = ENVELOPE.start(EVENT);
  const length = ENVELOPE.end(EVENT) - start;
  if (body[start] === QUOTE) return length === 2 ? 'event_field_blank' : undefined;
  return body.subarray(start, start + length).equals(NULL) ? 'event_field_blank' : undefined;
}

function eventOf(body: Buffer): Buffer {
  const start = ENVELOPE.start(EVENT);
  const end = ENVELOPE.end(EVENT);
  return body[start] === QUOTE ? jsonText(body, start, end) : body.subarray(start, end);
}

/** The names of envelopes. Most have the same ones as the one before, which are not read again. */
class EnvelopeNames {
  last: readonly string[];
  private values: (Buffer | undefined)[] = [];

  constructor(
    private readonly body: Buffer,
    private readonly usual: HecNames,
  ) {
    this.last = HEC_NAMES.flatMap((name) => usual[name] ?? []);
  }

  /** Of the envelope that was read last. */
  read(): void {
    if (HEC_NAMES.every((_, place) => this.isSame(place))) return;
    this.values = HEC_NAMES.map((_, place) => this.valueAt(place));
    this.last = HEC_NAMES.flatMap((name, place) => textOf(this.values[place]) ?? this.usual[name] ?? []);
  }

  private isSame(place: number): boolean {
    const value = this.values[place];
    if (value === undefined || !ENVELOPE.has(place)) return value === undefined && !ENVELOPE.has(place);
    return this.body.compare(value, 0, value.length, ENVELOPE.start(place), ENVELOPE.end(place)) === 0;
  }

  private valueAt(place: number): Buffer | undefined {
    return ENVELOPE.has(place) ? this.body.subarray(ENVELOPE.start(place), ENVELOPE.end(place)) : undefined;
  }
}

/** @param value of JSON @returns undefined if it is no text, or an empty one */
function textOf(value: Buffer | undefined): string | undefined {
  if (value?.[0] !== QUOTE) return undefined;
  return jsonText(value, 0, value.length).toString() || undefined;
}

/**
 * Reads `/services/collector/raw`: each line is an event. A list of objects, which some gateways send, is as many
 * events as it has objects.
 */
export function readHecRaw(body: Buffer, take: (event: Uint8Array) => void): void {
  if (isListOfObjects(body))
    eachJsonObject(body, NO_MEMBERS, (start, end) => take(body.subarray(start, end)));
  else eachLine(body, take);
}

function isListOfObjects(body: Buffer): boolean {
  const first = firstOf(body, 0);
  return body[first] === OPEN_BRACKET && body[firstOf(body, first + 1)] === OPEN_BRACE;
}

function firstOf(body: Buffer, start: number): number {
  let at = start;
  while (isJsonBlank(body[at])) at++;
  return at;
}

function eachLine(body: Buffer, take: (line: Uint8Array) => void): void {
  for (let start = 0; start < body.length;) {
    const at = body.indexOf(LF, start);
    const end = at < 0 ? body.length : at;
    take(body.subarray(start, end));
    start = end + 1;
  }
}
