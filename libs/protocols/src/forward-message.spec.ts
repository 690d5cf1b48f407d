import { ExtData, decode, encode } from '@msgpack/msgpack';
import { gzipSync } from 'node:zlib';
import { forwardAck, forwardMessage, type ForwardMessage } from './forward-message.js';
import { msgpackEvents } from './msgpack-events.js';

const TIME = new ExtData(0, new Uint8Array(8));
const read = (message: unknown) => forwardMessage(Buffer.from(encode(message)));
const ENTRIES = [
  [TIME, { log: 'a' }],
  [[TIME, { meta: 1 }], { log: 'b' }],
];
const PACKED = Buffer.concat(ENTRIES.map((entry) => encode(entry)));

function eventsOf({ entries }: ForwardMessage): string[] {
  const events: string[] = [];
  msgpackEvents(entries, (event) => void events.push(Buffer.from(event).toString()));
  return events;
}

describe('forwardMessage', () => {
  it.each<[string, unknown[], string[]]>([
    ['Message', ['t', 1_600_000_000, { log: 'a' }], ['a']],
    ['Message with EventTime', ['t', TIME, { log: 'a' }], ['a']],
    ['Message with metadata', ['t', [TIME, {}], { log: 'a' }], ['a']],
    ['Forward', ['t', ENTRIES], ['a', 'b']],
    ['Forward without events', ['t', []], []],
    ['PackedForward', ['t', PACKED], ['a', 'b']],
    ['PackedForward in a str', ['t', 'x'], []],
  ])('reads the mode %s, with and without a chunk', (_, message, events) => {
    const plain = read(message) as ForwardMessage;
    expect(plain).toMatchObject({ tag: 't', compression: 'identity', chunk: undefined });
    expect(eventsOf(plain)).toEqual(events);
    const chunked = read([...message, { size: 2, chunk: 'YWJj\n' }]) as ForwardMessage;
    expect(chunked.chunk?.toString()).toBe('YWJj\n');
    expect(eventsOf(chunked)).toEqual(events);
  });

  it.each([
    ['gzip', 'gzip'],
    ['zstd', 'zstd'],
    ['text', 'identity'],
  ])('says that entries are compressed with %s', (compressed, compression) => {
    const payload = gzipSync(PACKED);
    expect(read(['t', payload, { compressed }])).toMatchObject({ compression, entries: payload });
  });

  it('takes nil as a heartbeat', () => {
    expect(read(null)).toBeUndefined();
  });

  it.each<[string, unknown[]]>([
    ['has no tag', [7, [], { chunk: 'c' }]],
    ['has neither a time nor events', ['t', null, { chunk: 'c' }]],
    ['has no record', ['t', TIME, 'x', { chunk: 'c' }]],
    ['is compressed with "lz4"', ['t', PACKED, { chunk: 'c', compressed: 'lz4' }]],
    ['has metrics or traces, not logs', ['t', PACKED, { chunk: 'c', fluent_signal: 1 }]],
  ])('tells of a message that %s, with its chunk', (strange, message) => {
    expect(read(message)).toMatchObject({ strange, chunk: Buffer.from('c') });
  });

  it.each([
    ['an empty array', []],
    ['a tag alone', ['t']],
  ])('tells of %s', (_, message) => {
    expect(read(message)).toHaveProperty('strange');
  });

  it.each([
    ['\x16\x03\x01', 'this is TLS'],
    ['{"a":1}', 'this is JSON'],
    ['["t",1,{}]', 'this is JSON'],
    ['GET / HTTP/1.1', 'this is HTTP'],
    ['hello', 'this is no Forward message'],
  ])('says what %j is', (text, message) => {
    expect(() => forwardMessage(Buffer.from(text, 'latin1').subarray(0, 1))).toThrow(message);
  });
});

describe('forwardAck', () => {
  it.each([0, 1, 31, 32, 255, 256, 65_535, 65_536])('gives back a chunk of %d bytes as a str', (length) => {
    const chunk = Buffer.alloc(length, 'c');
    expect(decode(forwardAck(chunk))).toEqual({ ack: chunk.toString() });
  });

  it('gives back bytes that are no text as they came', () => {
    expect(forwardAck(Buffer.from([0xff, 0x0a])).toString('hex')).toBe('81a361636ba2ff0a');
  });
});
