import type { EventsBySource } from './events-by-source.js';
import { JsonBytes } from './json-bytes.js';
import { Malformed } from './malformed.js';
import { Poison } from './otlp-poison.js';
import {
  DEEPEST,
  NAMELESS,
  SERVICE_NAME,
  TOO_DEEP,
  type OtlpRecord,
  eventOfRecord,
  isStatusKey,
} from './otlp-record.js';

/** The last day that a Date knows, in milliseconds. */
const LAST_MS = 8.64e15;
const BODY_KEY = Buffer.from('body');

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a request to export logs in JSON. Beside what OTLP says, it takes what Vector sends: a list of such requests, or
 * one a line. An object without `resourceLogs` is not taken: to say that it was stored would lose it.
 * @returns the records that cannot be read
 * @throws Malformed if it is not the request as a whole
 */
export function readOtlpJson(body: Uint8Array, events: EventsBySource): Poison {
  const poison = new Poison();
  const json = new JsonBytes();
  for (const request of requestsIn(Buffer.from(body.buffer, body.byteOffset, body.length).toString()))
    for (const resourceLogs of logsOf(request)) readResource(resourceLogs, events, json, poison);
  return poison;
}

function requestsIn(text: string): unknown[] {
  if (text.trim() === '') return [];
  const whole = parsed(text);
  if (whole !== undefined) return Array.isArray(whole) ? (whole as unknown[]) : [whole];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const request = parsed(line);
    if (request === undefined) throw new Malformed('The request is no JSON.');
    return request;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function logsOf(request: unknown): unknown[] {
  if (!isObject(request)) throw new Malformed('The request is no object.');
  if (Object.keys(request).length === 0) return [];
  if (!Array.isArray(request.resourceLogs)) throw new Malformed('The request has no list "resourceLogs".');
  return request.resourceLogs as unknown[];
}

function readResource(resourceLogs: unknown, events: EventsBySource, json: JsonBytes, poison: Poison): void {
  if (!isObject(resourceLogs)) throw new Malformed('One of "resourceLogs" is no object.');
  const names = [serviceName(resourceLogs.resource)];
  for (const scope of listOf(resourceLogs, 'scopeLogs')) {
    if (!isObject(scope)) throw new Malformed('One of "scopeLogs" is no object.');
    for (const record of listOf(scope, 'logRecords')) addRecord(record, names, events, json, poison);
  }
}

function addRecord(
  record: unknown,
  names: readonly string[],
  events: EventsBySource,
  json: JsonBytes,
  poison: Poison,
): void {
  try {
    if (!isObject(record)) throw new Malformed('A log record is no object.');
    const event = eventOfRecord(new JsonRecord(record), json);
    if (event) events.add(names, event);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    poison.add(error.message);
  }
}

function serviceName(resource: unknown): string {
  if (!isObject(resource)) return NAMELESS;
  for (const { key, value } of membersIn(resource.attributes))
    if (key === SERVICE_NAME && isObject(value) && typeof value.stringValue === 'string' && value.stringValue)
      return value.stringValue;
  return NAMELESS;
}

class JsonRecord implements OtlpRecord {
  readonly timeMs: number;
  readonly text: Uint8Array | undefined;
  readonly hasAttributes: boolean;
  readonly hasStatus: boolean;
  private readonly attributes: readonly KeyValue[];
  private readonly body: unknown;

  /** @throws Malformed */
  constructor(record: Members) {
    this.attributes = membersIn(record.attributes);
    this.body = record.body;
    this.text = textOf(this.body);
    this.hasAttributes = this.attributes.length > 0;
    this.hasStatus = this.attributes.some(({ key }) => isStatusKey(key));
    this.timeMs = epochMs(record.timeUnixNano) || epochMs(record.observedTimeUnixNano);
  }

  writeAttributes(json: JsonBytes, firstAt: number): void {
    writeMembers(this.attributes, json, firstAt, 1);
  }

  writeBody(json: JsonBytes, firstAt: number): void {
    if (!isObject(this.body)) return;
    if (isObject(this.body.kvlistValue))
      return writeMembers(membersIn(this.body.kvlistValue.values), json, firstAt, 1);
    if (Object.keys(this.body).length === 0) return;
    json.key(BODY_KEY, firstAt);
    writeValue(this.body, json, 1);
  }
}

/** OTLP's int64 is a text; some write a number. */
function epochMs(nanos: unknown): number {
  const ms = typeof nanos === 'string' || typeof nanos === 'number' ? Number(nanos) / 1e6 : 0;
  return ms > 0 && ms <= LAST_MS ? ms : 0;
}

function textOf(body: unknown): Uint8Array | undefined {
  if (!isObject(body)) return undefined;
  if (typeof body.stringValue === 'string') return Buffer.from(body.stringValue);
  if (typeof body.bytesValue === 'string') return Buffer.from(body.bytesValue, 'base64');
  return undefined;
}

interface KeyValue {
  readonly key: string;
  readonly value: unknown;
}

/** @throws Malformed */
function membersIn(list: unknown): readonly KeyValue[] {
  const members = list ?? [];
  if (!Array.isArray(members)) throw new Malformed('Attributes are no list.');
  return members.map((member: unknown) => {
    if (!isObject(member) || typeof member.key !== 'string')
      throw new Malformed('An attribute is no object with a key.');
    return { key: member.key, value: member.value };
  });
}

function writeMembers(members: readonly KeyValue[], json: JsonBytes, firstAt: number, depth: number): void {
  for (const { key, value } of members) {
    json.key(Buffer.from(key), firstAt);
    writeValue(value, json, depth);
  }
}

function writeValue(value: unknown, json: JsonBytes, depth: number): void {
  if (depth > DEEPEST) throw new Malformed(TOO_DEEP);
  const kind = isObject(value) ? Object.keys(WRITERS).find((name) => name in value) : undefined;
  if (kind === undefined) json.raw('null');
  else WRITERS[kind]!((value as Members)[kind], json, depth);
}

/** How each kind of value becomes JSON again; a scalar of another type than its name says stays readable. */
const WRITERS: Readonly<Record<string, (value: unknown, json: JsonBytes, depth: number) => void>> = {
  stringValue: (value, json) => json.text(Buffer.from(scalar(value))),
  boolValue: (value, json) => json.raw(value === true || value === 'true' ? 'true' : 'false'),
  intValue: (value, json) => writeInteger(value, json),
  doubleValue: (value, json) => json.raw(JSON.stringify(Number(scalar(value)))),
  bytesValue: (value, json) => json.text(Buffer.from(scalar(value))),
  arrayValue: (value, json, depth) => writeArray(value, json, depth + 1),
  kvlistValue: (value, json, depth) => {
    json.raw('{');
    writeMembers(membersIn(isObject(value) ? value.values : []), json, json.mark, depth + 1);
    json.raw('}');
  },
};

/** Of a list or an object nothing: to write one as text may take all of the stack. */
const scalar = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};

function writeInteger(value: unknown, json: JsonBytes): void {
  const digits = scalar(value);
  if (/^-?\d{1,20}$/.test(digits)) json.raw(digits.replace(/^(-?)0+(?=\d)/, '$1'));
  else json.text(Buffer.from(digits));
}

function writeArray(value: unknown, json: JsonBytes, depth: number): void {
  json.raw('[');
  const firstAt = json.mark;
  for (const item of isObject(value) ? listOf(value, 'values') : []) {
    json.separate(firstAt);
    writeValue(item, json, depth);
  }
  json.raw(']');
}

/** @throws Malformed */
function listOf(object: Members, key: string): unknown[] {
  const list = object[key] ?? [];
  if (!Array.isArray(list)) throw new Malformed(`"${key}" is no list.`);
  return list as unknown[];
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
