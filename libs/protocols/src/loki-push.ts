import type { EventsBySource } from './events-by-source.js';
import { labelsIn } from './loki-labels.js';
import { Malformed } from './malformed.js';
import { ProtobufFields, bytesField } from './protobuf-fields.js';

/** Labels that name where a stream comes from, the most telling first. docs/shippers/loki-clients.md has the list. */
const NAMING_LABELS = ['service_name', 'service', 'job', 'app', 'container'] as const;

/** What Loki itself calls such a stream. */
const NAMELESS = ['unknown_service'];

/** Field 1 of a push, of a stream and of its second field: https://github.com/grafana/loki/tree/main/pkg/push */
const STREAMS = bytesField(1);
const LABELS = bytesField(1);
const ENTRIES = bytesField(2);
const LINE = bytesField(2);

/**
 * Reads a push in protobuf, no longer compressed.
 * @param tenant X-Scope-OrgID, if there is one
 * @throws Malformed
 */
export function readLokiProtobuf(body: Uint8Array, tenant: string | undefined, events: EventsBySource): void {
  const push = new ProtobufFields(body, 'push');
  while (push.next()) if (push.tag === STREAMS) readStream(push.bytes(), tenant, events);
}

function readStream(stream: Uint8Array, tenant: string | undefined, events: EventsBySource): void {
  const names = namesOf(tenant, labelsIn(labelText(stream)));
  const fields = new ProtobufFields(stream, 'stream');
  while (fields.next()) {
    if (fields.tag !== ENTRIES) continue;
    const entry = new ProtobufFields(fields.bytes(), 'entry');
    let line: Uint8Array | undefined;
    while (entry.next()) if (entry.tag === LINE) line = entry.bytes();
    if (line) events.add(names, line);
  }
}

/** The order of the fields is the sender's, so the labels may stand behind the lines. */
function labelText(stream: Uint8Array): string {
  const fields = new ProtobufFields(stream, 'stream');
  let labels = '{}';
  while (fields.next()) if (fields.tag === LABELS) labels = Buffer.from(fields.bytes()).toString();
  return labels;
}

/**
 * Reads a push in JSON: `{"streams":[{"stream":{"job":"nginx"},"values":[["<ns>","line"]]}]}`, or as it was before Loki
 * 1.0: `{"streams":[{"labels":"{job=\"nginx\"}","entries":[{"ts":"…","line":"…"}]}]}`. What stands behind the line is
 * not looked at, so a number there does not cost the whole push as it does with Loki.
 * @throws Malformed
 */
export function readLokiJson(body: Uint8Array, tenant: string | undefined, events: EventsBySource): void {
  const streams = (parsed(body) as { streams?: unknown } | null)?.streams;
  if (!Array.isArray(streams)) throw new Malformed('The push has no list "streams".');
  for (const stream of streams as unknown[]) readJsonStream(stream, tenant, events);
}

function readJsonStream(stream: unknown, tenant: string | undefined, events: EventsBySource): void {
  if (!isObject(stream)) throw new Malformed('A stream is no object.');
  const names = namesOf(tenant, jsonLabels(stream));
  for (const value of listOf(stream, 'values')) {
    if (!Array.isArray(value)) throw new Malformed('A value of a stream is no list of time and line.');
    addLine(names, value[1], events);
  }
  for (const entry of listOf(stream, 'entries')) {
    if (!isObject(entry)) throw new Malformed('An entry of a stream is no object.');
    addLine(names, entry.line, events);
  }
}

function addLine(names: readonly string[], line: unknown, events: EventsBySource): void {
  if (typeof line !== 'string') throw new Malformed('The line of an entry is no text.');
  events.add(names, Buffer.from(line));
}

function jsonLabels(stream: Readonly<Record<string, unknown>>): Map<string, unknown> {
  if (typeof stream.labels === 'string') return labelsIn(stream.labels);
  return new Map(isObject(stream.stream) ? Object.entries(stream.stream) : []);
}

function listOf(stream: Readonly<Record<string, unknown>>, key: string): unknown[] {
  const list = stream[key] ?? [];
  if (!Array.isArray(list)) throw new Malformed(`"${key}" of a stream is no list.`);
  return list as unknown[];
}

function namesOf(tenant: string | undefined, labels: ReadonlyMap<string, unknown>): string[] {
  const values = [tenant, ...NAMING_LABELS.map((label) => labels.get(label))];
  const names = values.filter((name): name is string => typeof name === 'string' && name !== '');
  return names.length > 0 ? names : NAMELESS;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
  } catch {
    throw new Malformed('The push is no JSON.');
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
