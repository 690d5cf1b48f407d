import { JsonBytes } from './json-bytes.js';

/** What an event of Lumberjack says of itself. */
export interface LumberjackEvent {
  /** A log line or a JSON object. */
  readonly event: Buffer;
  /** Under which names its source may be known, the likeliest first. */
  readonly names: readonly string[];
  /** Where it stands in which file of which shipper: the same whenever it is sent again. */
  readonly position: string | undefined;
}

/** Where a Beat says what an event belongs to. */
const NAME_PATHS = [
  ['fields', 'source'],
  ['fields', 'service'],
  ['data_stream', 'dataset'],
  ['event', 'dataset'],
  ['agent', 'name'],
  ['@metadata', 'beat'],
] as const;

/** An event of Filebeat, Winlogbeat, Elastic Agent or Logstash. It stays the bytes that it came in. */
export function jsonEvent(event: Buffer): LumberjackEvent {
  const fields = parsed(event);
  const names = NAME_PATHS.map((path) => at(fields, ...path)).filter((name) => typeof name === 'string');
  return { event, names, position: positionOf(fields) };
}

function parsed(event: Buffer): unknown {
  try {
    return JSON.parse(event.toString());
  } catch {
    return undefined; // it is a line that is counted as rejected
  }
}

/** The time is that of the reading: a file that was cut off and written anew has other ones at the same offsets. */
const POSITION_PATHS = [
  ['log', 'file', 'device_id'],
  ['log', 'file', 'inode'],
  ['log', 'file', 'path'],
  ['@timestamp'],
] as const;

function positionOf(fields: unknown): string | undefined {
  const shipper = at(fields, 'agent', 'ephemeral_id');
  const offset = at(fields, 'log', 'offset');
  if (typeof shipper !== 'string' || typeof offset !== 'number') return undefined;
  return JSON.stringify([shipper, offset, ...POSITION_PATHS.map((path) => at(fields, ...path))]);
}

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );

const LINE_KEYS = ['message', 'line'];
const PAIR_NAMES = ['source', 'service', 'type', 'host'];
const json = new JsonBytes();

/** An event of version 1: texts, key and value in turn. The line is the one called `message` or `line`. */
export function pairsEvent(body: Buffer): LumberjackEvent {
  const pairs = pairsOf(body);
  const line = LINE_KEYS.map((key) => pairs.get(key)).find((text) => text !== undefined);
  const names = PAIR_NAMES.flatMap((key) => pairs.get(key)?.toString() ?? []);
  return { event: line ?? objectOf(pairs), names, position: undefined };
}

function pairsOf(body: Buffer): Map<string, Buffer> {
  const texts: Buffer[] = [];
  for (let start = 0; start < body.length;) {
    const end = start + 4 + body.readUInt32BE(start);
    texts.push(body.subarray(start + 4, end));
    start = end;
  }
  const pairs = new Map<string, Buffer>();
  for (let i = 0; i + 1 < texts.length; i += 2) pairs.set(texts[i]!.toString(), texts[i + 1]!);
  return pairs;
}

function objectOf(pairs: ReadonlyMap<string, Buffer>): Buffer {
  json.clear();
  json.raw('{');
  let separator = '';
  for (const [key, value] of pairs) {
    const name = Buffer.from(key);
    json.raw(separator);
    json.text(name);
    json.raw(':');
    json.text(value);
    separator = ',';
  }
  json.raw('}');
  return Buffer.from(json.bytes);
}
