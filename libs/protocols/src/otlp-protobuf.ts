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
  isStatusKeyBytes,
} from './otlp-record.js';
import { ProtobufFields, bytesField, fixed64Field, varintField } from './protobuf-fields.js';

/**
 * The fields that are read, message by message, as opentelemetry-proto numbers them:
 * https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto/logs/v1
 */
const RESOURCE_LOGS = bytesField(1);
const RESOURCE = bytesField(1);
const SCOPE_LOGS = bytesField(2);
const RESOURCE_ATTRIBUTES = bytesField(1);
const LOG_RECORDS = bytesField(2);
const TIME = fixed64Field(1);
const BODY = bytesField(5);
const ATTRIBUTES = bytesField(6);
const OBSERVED_TIME = fixed64Field(11);
const KEY = bytesField(1);
const VALUE = bytesField(2);
const STRING_VALUE = bytesField(1);
const BOOL_VALUE = varintField(2);
const INT_VALUE = varintField(3);
const DOUBLE_VALUE = fixed64Field(4);
const ARRAY_VALUE = bytesField(5);
const KVLIST_VALUE = bytesField(6);
const BYTES_VALUE = bytesField(7);
const LISTED = bytesField(1);

const NOTHING = new Uint8Array(0);
const BODY_KEY = Buffer.from('body');

/**
 * Reads a request to export logs in protobuf. Only what an event is made of is decoded.
 * @returns the records that cannot be read
 * @throws Malformed if it is not the request as a whole
 */
export function readOtlpProtobuf(body: Uint8Array, events: EventsBySource): Poison {
  const poison = new Poison();
  const json = new JsonBytes();
  // a view of a Buffer is a Buffer, which costs more than one of an array does
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.length);
  const request = new ProtobufFields(bytes, 'request');
  while (request.next()) {
    if (request.tag !== RESOURCE_LOGS) continue;
    const resourceLogs = request.bytes();
    const names = [serviceName(resourceLogs)];
    const fields = new ProtobufFields(resourceLogs, 'resource_logs');
    while (fields.next())
      if (fields.tag === SCOPE_LOGS) readScope(fields.bytes(), names, events, json, poison);
  }
  return poison;
}

/** The order of the fields is the sender's, so the resource may stand behind its records. */
function serviceName(resourceLogs: Uint8Array): string {
  const fields = new ProtobufFields(resourceLogs, 'resource_logs');
  let name = '';
  while (fields.next()) {
    if (fields.tag !== RESOURCE) continue;
    const resource = new ProtobufFields(fields.bytes(), 'resource');
    while (resource.next()) {
      if (resource.tag !== RESOURCE_ATTRIBUTES) continue;
      const { key, value } = keyValue(resource.bytes());
      if (Buffer.from(key).toString() === SERVICE_NAME) name = textOf(value);
    }
  }
  return name === '' ? NAMELESS : name;
}

function textOf(value: Uint8Array): string {
  const fields = new ProtobufFields(value, 'value');
  let text = '';
  while (fields.next()) if (fields.tag === STRING_VALUE) text = Buffer.from(fields.bytes()).toString();
  return text;
}

function readScope(
  scopeLogs: Uint8Array,
  names: readonly string[],
  events: EventsBySource,
  json: JsonBytes,
  poison: Poison,
): void {
  const fields = new ProtobufFields(scopeLogs, 'scope_logs');
  while (fields.next()) {
    if (fields.tag !== LOG_RECORDS) continue;
    const record = fields.bytes();
    try {
      const event = eventOfRecord(new ProtobufRecord(record), json);
      if (event) events.add(names, event);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      poison.add(error.message);
    }
  }
}

class ProtobufRecord implements OtlpRecord {
  readonly timeMs: number;
  readonly text: Uint8Array | undefined;
  readonly hasStatus: boolean;
  readonly hasAttributes: boolean;
  private readonly body: Uint8Array | undefined;

  /** @throws Malformed */
  constructor(private readonly bytes: Uint8Array) {
    const fields = new ProtobufFields(bytes, 'log record');
    let time = 0;
    let observed = 0;
    let hasStatus = false;
    let hasAttributes = false;
    let body: Uint8Array | undefined;
    while (fields.next()) {
      if (fields.tag === TIME) time = fields.epochNanos();
      else if (fields.tag === OBSERVED_TIME) observed = fields.epochNanos();
      else if (fields.tag === BODY) body = fields.bytes();
      else if (fields.tag === ATTRIBUTES) {
        hasAttributes = true;
        hasStatus ||= isStatusKeyBytes(keyValue(fields.bytes()).key);
      }
    }
    this.timeMs = time > 0 ? time : observed;
    this.hasStatus = hasStatus;
    this.hasAttributes = hasAttributes;
    this.body = body;
    this.text = body && textBody(body);
  }

  writeAttributes(json: JsonBytes, firstAt: number): void {
    const fields = new ProtobufFields(this.bytes, 'log record');
    while (fields.next()) if (fields.tag === ATTRIBUTES) writeMember(fields.bytes(), json, firstAt, 1);
  }

  writeBody(json: JsonBytes, firstAt: number): void {
    if (!this.body) return;
    const fields = new ProtobufFields(this.body, 'body');
    let list: Uint8Array | undefined;
    while (fields.next()) list = fields.tag === KVLIST_VALUE ? fields.bytes() : undefined;
    if (list) return writeMembers(list, json, firstAt, 1);
    json.key(BODY_KEY, firstAt);
    writeValue(this.body, json, 1);
  }
}

/** The text of a body; undefined if it is something else. The last of several values counts. */
function textBody(value: Uint8Array): Uint8Array | undefined {
  const fields = new ProtobufFields(value, 'body');
  let text: Uint8Array | undefined;
  while (fields.next())
    text = fields.tag === STRING_VALUE || fields.tag === BYTES_VALUE ? fields.bytes() : undefined;
  return text;
}

interface KeyValue {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

function keyValue(bytes: Uint8Array): KeyValue {
  const fields = new ProtobufFields(bytes, 'attribute');
  let key: Uint8Array = NOTHING;
  let value: Uint8Array = NOTHING;
  while (fields.next()) {
    if (fields.tag === KEY) key = fields.bytes();
    else if (fields.tag === VALUE) value = fields.bytes();
  }
  return { key, value };
}

function writeMembers(list: Uint8Array, json: JsonBytes, firstAt: number, depth: number): void {
  const fields = new ProtobufFields(list, 'list of values');
  while (fields.next()) if (fields.tag === LISTED) writeMember(fields.bytes(), json, firstAt, depth);
}

function writeMember(bytes: Uint8Array, json: JsonBytes, firstAt: number, depth: number): void {
  const { key, value } = keyValue(bytes);
  json.key(key, firstAt);
  writeValue(value, json, depth);
}

/** Writes a value; of several the last one counts. */
function writeValue(value: Uint8Array, json: JsonBytes, depth: number): void {
  if (depth > DEEPEST) throw new Malformed(TOO_DEEP);
  const start = json.mark;
  const fields = new ProtobufFields(value, 'value');
  while (fields.next()) {
    const write = WRITERS[fields.tag];
    if (!write) continue;
    json.rewind(start);
    write(fields, json, depth);
  }
  if (json.mark === start) json.raw('null');
}

/** How each kind of value becomes JSON. */
const WRITERS: Readonly<Record<number, (value: ProtobufFields, json: JsonBytes, depth: number) => void>> = {
  [STRING_VALUE]: (value, json) => json.text(value.bytes()),
  [BOOL_VALUE]: (value, json) => json.raw(String(value.bool())),
  [INT_VALUE]: (value, json) => json.raw(value.int64()),
  [DOUBLE_VALUE]: (value, json) => json.raw(JSON.stringify(value.double())),
  [BYTES_VALUE]: (value, json) => json.raw(`"${Buffer.from(value.bytes()).toString('base64')}"`),
  [ARRAY_VALUE]: (value, json, depth) => writeArray(value.bytes(), json, depth + 1),
  [KVLIST_VALUE]: (value, json, depth) => {
    json.raw('{');
    writeMembers(value.bytes(), json, json.mark, depth + 1);
    json.raw('}');
  },
};

function writeArray(list: Uint8Array, json: JsonBytes, depth: number): void {
  json.raw('[');
  const firstAt = json.mark;
  const fields = new ProtobufFields(list, 'list of values');
  while (fields.next()) {
    if (fields.tag !== LISTED) continue;
    json.separate(firstAt);
    writeValue(fields.bytes(), json, depth);
  }
  json.raw(']');
}
