import { BrokenStream } from './broken-stream.js';
import { MsgpackFrames } from './msgpack-frames.js';
import { ARRAY, BINARY, MAP, MsgpackHead, STRING, endOf } from './msgpack-head.js';
import { MsgpackJson } from './msgpack-json.js';

/** Where shippers put the line that they read, in the order in which it is looked for. */
const LINE_KEYS = [Buffer.from('message'), Buffer.from('log')];

/** Takes the bytes of an event, which are lent until it returns. */
export type OnEvent = (event: Uint8Array) => void;

/**
 * Events of records that come one behind another, cut anywhere: `[time, record]`, `[[time, metadata], record]`, as Fluentd
 * and Fluent Bit pack them, or records alone, as Fluentd's msgpack formatter writes them; or lists of these. A record with
 * a text called `message` or `log` is that text, byte for byte; another one is a JSON object.
 */
export class MsgpackEvents {
  private readonly frames: MsgpackFrames;
  private readonly json = new MsgpackJson();
  private readonly head = new MsgpackHead();
  private isBroken = false;
  private unreadableSoFar = 0;

  /** @param limit bytes of the largest record */
  constructor(
    private readonly onEvent: OnEvent,
    limit: number,
  ) {
    this.frames = new MsgpackFrames(limit);
  }

  /** How many records were none; what cannot be told apart any more is one. */
  get unreadable(): number {
    return this.unreadableSoFar;
  }

  push(piece: Uint8Array): void {
    if (this.isBroken) return;
    try {
      for (const frame of this.frames.push(piece)) this.value(frame, 0, true);
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error;
      this.isBroken = true;
      this.unreadableSoFar++;
    }
  }

  end(): void {
    if (!this.isBroken && this.frames.unfinished > 0) this.unreadableSoFar++;
  }

  private value(bytes: Buffer, at: number, mayBeList: boolean): void {
    this.head.read(bytes, at, bytes.length);
    const { kind, items, next } = this.head;
    if (kind === MAP) return this.record(bytes, at, next, items / 2);
    if (kind !== ARRAY) return void this.unreadableSoFar++;
    const record = recordOfEntry(bytes, next, items, this.head);
    if (record >= 0) return this.value(bytes, record, false);
    if (!mayBeList) return void this.unreadableSoFar++;
    for (let i = 0, item = next; i < items; i++, item = endOf(bytes, item)) this.value(bytes, item, false);
  }

  private record(bytes: Buffer, at: number, first: number, pairs: number): void {
    if (pairs === 0) return;
    const event = this.line(bytes, first, pairs) ?? this.json.of(bytes, at);
    if (event) this.onEvent(event);
    else this.unreadableSoFar++;
  }

  private line(bytes: Buffer, at: number, pairs: number): Buffer | undefined {
    const { head } = this;
    let found: Buffer | undefined;
    let place = LINE_KEYS.length;
    for (let i = 0; i < pairs && place > 0; i++) {
      head.read(bytes, at, bytes.length);
      const key = isText(head) ? keyAt(bytes, head.start, head.next) : -1;
      at = endOf(bytes, at);
      head.read(bytes, at, bytes.length);
      if (key >= 0 && key < place && isText(head)) {
        found = bytes.subarray(head.start, head.next);
        place = key;
      }
      at = endOf(bytes, at);
    }
    return found;
  }
}

const isText = ({ kind }: MsgpackHead): boolean => kind === STRING || kind === BINARY;

const keyAt = (bytes: Buffer, start: number, end: number): number =>
  LINE_KEYS.findIndex((key) => key.length === end - start && key.compare(bytes, start, end) === 0);

/** @returns where the record of an entry begins, which stands behind its time; -1 if this is no entry */
function recordOfEntry(bytes: Buffer, first: number, items: number, head: MsgpackHead): number {
  if (items !== 2) return -1;
  head.read(bytes, first, bytes.length);
  if (head.kind === MAP) return -1;
  const second = endOf(bytes, first);
  head.read(bytes, second, bytes.length);
  return head.kind === MAP ? second : -1;
}

/**
 * The events of a body of msgpack.
 * @returns how many records are none, or are cut
 */
export function msgpackEvents(bytes: Uint8Array, onEvent: OnEvent): number {
  const events = new MsgpackEvents(onEvent, bytes.length);
  events.push(bytes);
  events.end();
  return events.unreadable;
}
