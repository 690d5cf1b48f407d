import { BrokenStream } from './broken-stream.js';
import {
  ARRAY,
  BINARY,
  EXTENSION,
  FLOAT,
  INTEGER,
  MAP,
  MsgpackHead,
  NIL,
  STRING,
  UNSIGNED,
  endOf,
} from './msgpack-head.js';

/** A message of the Forward protocol in any of its modes. */
export interface ForwardMessage {
  readonly tag: string;
  /** Entries one behind another, for MsgpackEvents; of a message of one event its record alone. */
  readonly entries: Buffer;
  readonly compression: 'identity' | 'gzip' | 'zstd';
  /** What its sender wants to see in the answer once the events are safe. */
  readonly chunk: Buffer | undefined;
}

/** A message that can be told from the next one, but whose events cannot be read: it would not be better next time. */
export interface StrangeMessage {
  readonly strange: string;
  readonly chunk: Buffer | undefined;
}

const COMPRESSIONS = new Map<string, ForwardMessage['compression']>([
  ['', 'identity'],
  ['text', 'identity'],
  ['gzip', 'gzip'],
  ['zstd', 'zstd'],
]);
/** What Fluent Bit calls metrics and traces, by `fluent_signal`; 0 is logs. */
const LOGS = 0;

/**
 * Reads one complete message: Message, Forward, PackedForward or CompressedPackedForward.
 * https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1
 * @param frame lent: what is told of it lies in its memory
 * @returns undefined for a heartbeat
 * @throws BrokenStream if the sender does not speak this protocol
 */
export function forwardMessage(frame: Buffer): ForwardMessage | StrangeMessage | undefined {
  const head = new MsgpackHead();
  head.read(frame, 0, frame.length);
  if (head.kind === NIL) return undefined;
  if (head.kind !== ARRAY) throw notForward(frame[0]!);
  const parts = partsOf(frame, head);
  return new MessageReader(frame, parts, head).message();
}

/** Where the values of an array or a map begin. More than a message has are not asked for. */
function partsOf(frame: Buffer, { next, items }: MsgpackHead): number[] {
  const parts: number[] = [];
  for (let at = next; parts.length < Math.min(items, MOST_PARTS); at = endOf(frame, at)) parts.push(at);
  return parts;
}
const MOST_PARTS = 64;

class MessageReader {
  constructor(
    private readonly frame: Buffer,
    private readonly parts: readonly number[],
    private readonly head: MsgpackHead,
  ) {}

  message(): ForwardMessage | StrangeMessage {
    const { frame, parts, head } = this;
    const tag = this.text(0);
    if (tag === undefined) return this.strange('has no tag', parts.length - 1);
    switch (this.kind(1)) {
      case STRING:
      case BINARY:
        return this.withOption(tag, 2, frame.subarray(head.start, head.next));
      case ARRAY:
        return this.hasTimeFirst()
          ? this.single(tag)
          : this.withOption(tag, 2, this.listed(parts[1]!, parts[2] ?? frame.length));
      case INTEGER:
      case UNSIGNED:
      case FLOAT:
      case EXTENSION:
        return this.single(tag);
      default:
        return this.strange('has neither a time nor events', parts.length - 1);
    }
  }

  /** One event: tag, time, record, and an option. */
  private single(tag: string): ForwardMessage | StrangeMessage {
    if (this.kind(2) !== MAP) return this.strange('has no record', 3);
    return this.withOption(tag, 3, this.frame.subarray(this.parts[2], this.parts[3] ?? this.frame.length));
  }

  private withOption(tag: string, place: number, entries: Buffer): ForwardMessage | StrangeMessage {
    const { chunk, compressed = '', signal = LOGS } = this.option(place);
    if (signal !== LOGS) return { strange: 'has metrics or traces, not logs', chunk };
    const compression = COMPRESSIONS.get(compressed);
    if (!compression) return { strange: `is compressed with "${compressed.slice(0, 20)}"`, chunk };
    return { tag, entries, compression, chunk };
  }

  private strange(strange: string, optionAt: number): StrangeMessage {
    return { strange, chunk: this.option(optionAt).chunk };
  }

  private option(place: number): { chunk?: Buffer; compressed?: string; signal?: number } {
    const { frame, head } = this;
    if (this.kind(place) !== MAP) return {};
    const option: { chunk?: Buffer; compressed?: string; signal?: number } = {};
    const parts = partsOf(frame, head);
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const key = textAt(frame, parts[i]!, head)?.toString('latin1');
      const value = textAt(frame, parts[i + 1]!, head);
      if (key === 'chunk' && value) option.chunk = value;
      else if (key === 'compressed' && value) option.compressed = value.toString('latin1');
      else if (key === 'fluent_signal' && head.kind === INTEGER) option.signal = frame[head.start]!;
    }
    return option;
  }

  /** Entries of a list without the head of the list. */
  private listed(at: number, end: number): Buffer {
    this.head.read(this.frame, at, this.frame.length);
    return this.frame.subarray(this.head.next, end);
  }

  /** Whether an array is `[time, metadata]`, of one event, and no list of entries. */
  private hasTimeFirst(): boolean {
    const { head, frame } = this;
    if (head.items !== 2) return false;
    head.read(frame, head.next, frame.length);
    return head.kind !== ARRAY && head.kind !== MAP;
  }

  private kind(place: number): number | undefined {
    const at = this.parts[place];
    if (at === undefined) return undefined;
    this.head.read(this.frame, at, this.frame.length);
    return this.head.kind;
  }

  private text(place: number): string | undefined {
    const at = this.parts[place];
    return at === undefined ? undefined : textAt(this.frame, at, this.head)?.toString();
  }
}

function textAt(frame: Buffer, at: number, head: MsgpackHead): Buffer | undefined {
  head.read(frame, at, frame.length);
  return head.kind === STRING || head.kind === BINARY ? frame.subarray(head.start, head.next) : undefined;
}

/** The texts of an array, such as a message of the handshake; undefined stands for what is no text. */
export function textsOf(frame: Buffer): (Buffer | undefined)[] {
  const head = new MsgpackHead();
  head.read(frame, 0, frame.length);
  return head.kind === ARRAY ? partsOf(frame, head).map((at) => textAt(frame, at, head)) : [];
}

/** First bytes of what else is sent to a port, and what is to be done. */
const OTHERS = new Map([
  [0x16, ['TLS', 'Set `tls` of this receiver, or turn TLS off in the sender.']],
  [0x5b, ['JSON', 'Let the sender pack its messages with msgpack.']],
  [0x7b, ['JSON', 'Let the sender pack its messages with msgpack.']],
  [0x47, ['HTTP', 'Send HTTP to ingest.listen.']],
  [0x50, ['HTTP', 'Send HTTP to ingest.listen.']],
]);

function notForward(first: number): BrokenStream {
  const [what, hint] = OTHERS.get(first) ?? ['no Forward message', 'Check what sends to this port.'];
  return new BrokenStream(`this is ${what}`, hint!);
}

/**
 * The answer to a message with a chunk. The chunk goes back byte for byte and always as a `str`: Fluentd's ends with a
 * line feed, and clients compare.
 */
export function forwardAck(chunk: Buffer): Buffer {
  const { length } = chunk;
  const head =
    length < 32
      ? [0xa0 | length]
      : length < 0x100
        ? [0xd9, length]
        : length < 0x10000
          ? [0xda, length >> 8, length & 0xff]
          : [0xdb, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([0x81, 0xa3]), Buffer.from('ack'), Buffer.from(head), chunk]);
}
