import { JsonBytes } from './json-bytes.js';
import {
  ARRAY,
  BINARY,
  BOOLEAN,
  EXTENSION,
  FLOAT,
  INTEGER,
  MAP,
  MsgpackHead,
  NIL,
  STRING,
  UNSIGNED,
} from './msgpack-head.js';

/** Readers of JSON lines take no deeper objects either. */
const DEEPEST = 60;
const TRUE = 0xc3;
/** Fluentd's EventTime: seconds and nanoseconds of 32 bits each. */
const EVENT_TIME = { type: 0, size: 8 };

type Write = (bytes: Buffer, head: MsgpackHead, json: JsonBytes) => void;

const number = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

/** Text stays as it came, byte for byte: `str` and `bin` are one, since Fluentd puts either into the other. */
const text: Write = (bytes, { start, size }, json) => json.text(bytes.subarray(start, start + size));

const LEAVES: Readonly<Record<number, Write>> = {
  [NIL]: (_bytes, _head, json) => json.raw('null'),
  [BOOLEAN]: (bytes, { start }, json) => json.raw(bytes[start - 1] === TRUE ? 'true' : 'false'),
  [INTEGER]: (bytes, { start, size }, json) =>
    json.raw(size === 8 ? String(bytes.readBigInt64BE(start)) : String(bytes.readIntBE(start, size))),
  [UNSIGNED]: (bytes, { start, size }, json) =>
    json.raw(size === 8 ? String(bytes.readBigUInt64BE(start)) : String(bytes.readUIntBE(start, size))),
  [FLOAT]: (bytes, { start, size }, json) =>
    json.raw(number(size === 8 ? bytes.readDoubleBE(start) : bytes.readFloatBE(start))),
  [STRING]: text,
  [BINARY]: text,
  [EXTENSION]: (bytes, { start, size }, json) => {
    const isTime = bytes[start - 1] === EVENT_TIME.type && size === EVENT_TIME.size;
    if (!isTime) return json.raw('null');
    const nanoseconds = String(bytes.readUInt32BE(start + 4)).padStart(9, '0');
    json.raw(`${bytes.readUInt32BE(start)}.${nanoseconds}`);
  },
};

/** Writes msgpack values as JSON. */
export class MsgpackJson {
  private readonly json = new JsonBytes();
  private readonly head = new MsgpackHead();

  /**
   * @param at where the value begins; all of it must be there
   * @returns lent until the next call; undefined if it is nested too deep or has a key that is no text or integer
   */
  of(bytes: Buffer, at: number): Uint8Array | undefined {
    this.json.clear();
    return this.write(bytes, at, 0) < 0 ? undefined : this.json.bytes;
  }

  /** @returns where the value ends, or -1 */
  private write(bytes: Buffer, at: number, depth: number): number {
    const { head, json } = this;
    head.read(bytes, at, bytes.length);
    const { kind, items, next } = head;
    if (kind === MAP) return this.object(bytes, next, items / 2, depth + 1);
    if (kind === ARRAY) return this.list(bytes, next, items, depth + 1);
    LEAVES[kind]!(bytes, head, json);
    return next;
  }

  private list(bytes: Buffer, at: number, items: number, depth: number): number {
    if (depth > DEEPEST) return -1;
    this.json.raw('[');
    for (let i = 0; i < items && at >= 0; i++) {
      if (i > 0) this.json.raw(',');
      at = this.write(bytes, at, depth);
    }
    this.json.raw(']');
    return at;
  }

  private object(bytes: Buffer, at: number, pairs: number, depth: number): number {
    if (depth > DEEPEST) return -1;
    this.json.raw('{');
    for (let i = 0; i < pairs && at >= 0; i++) {
      if (i > 0) this.json.raw(',');
      at = this.key(bytes, at);
      if (at < 0) return -1;
      this.json.raw(':');
      at = this.write(bytes, at, depth);
    }
    this.json.raw('}');
    return at;
  }

  private key(bytes: Buffer, at: number): number {
    const { head, json } = this;
    head.read(bytes, at, bytes.length);
    const isNumber = head.kind === INTEGER || head.kind === UNSIGNED;
    if (!isNumber && head.kind !== STRING && head.kind !== BINARY) return -1;
    if (isNumber) json.raw('"');
    LEAVES[head.kind]!(bytes, head, json);
    if (isNumber) json.raw('"');
    return head.next;
  }
}
