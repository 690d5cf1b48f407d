import type { JsonBytes } from './json-bytes.js';

/** The attribute of a resource that names who its records come from. */
export const SERVICE_NAME = 'service.name';
/** What OpenTelemetry calls a service that does not say its name. */
export const NAMELESS = 'unknown_service';

/** Deeper values are hostile, not logs. */
export const DEEPEST = 32;
export const TOO_DEEP = `A log record nests deeper than ${DEEPEST} levels.`;

/** One log record, whichever encoding it came in. */
export interface OtlpRecord {
  /** Epoch milliseconds; 0 if it has none. */
  readonly timeMs: number;
  /** The body, if it is text or bytes. */
  readonly text: Uint8Array | undefined;
  readonly hasAttributes: boolean;
  /** Whether an attribute holds the status of a request. */
  readonly hasStatus: boolean;
  /** Writes the attributes as members of an object. @param firstAt where its first member stands */
  writeAttributes(json: JsonBytes, firstAt: number): void;
  /** The same with the members of a body that is an object itself, and with any other body under the key `body`. */
  writeBody(json: JsonBytes, firstAt: number): void;
}

/**
 * Attributes that hold the status of a request: as OpenTelemetry names it today and named it before, as Envoy's
 * gateways and Traefik do.
 */
const STATUS_KEYS: ReadonlySet<string> = new Set([
  'http.response.status_code',
  'http.status_code',
  'http.status',
  'DownstreamStatus',
]);
const STATUS_KEY_BYTES = [...STATUS_KEYS].map((key) => Buffer.from(key));

export const isStatusKey = (key: string): boolean => STATUS_KEYS.has(key);
/** The same of bytes; most keys are told by their length. */
export const isStatusKeyBytes = (key: Uint8Array): boolean =>
  STATUS_KEY_BYTES.some((known) => known.length === key.length && known.equals(key));

const TIME = Buffer.from('time');
/** Where shippers put the line that they read, so that a source of lines finds it there. */
const MESSAGE = Buffer.from('message');

/**
 * What a record is as an event: its body, if that is a line and nothing else is known of the request; else one object
 * of the time, the attributes under their flat names and the body. Of a key that comes twice the last one counts, and
 * that is the body's.
 * @param json cleared and written; valid until it is cleared again
 * @returns undefined of a record that says nothing
 */
export function eventOfRecord(record: OtlpRecord, json: JsonBytes): Uint8Array | undefined {
  const { text } = record;
  const isLine = text !== undefined && text.length > 0;
  if (isLine && !record.hasStatus) return text;
  if (text !== undefined && !isLine && !record.hasAttributes) return undefined;
  json.clear();
  json.raw('{');
  const firstAt = json.mark;
  if (record.timeMs > 0) {
    json.key(TIME, firstAt);
    json.raw(`"${new Date(record.timeMs).toISOString()}"`);
  }
  record.writeAttributes(json, firstAt);
  if (isLine) {
    json.key(MESSAGE, firstAt);
    json.text(text);
  } else if (text === undefined) record.writeBody(json, firstAt);
  json.raw('}');
  return json.bytes;
}
