import { ExtData, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { MsgpackEvents, msgpackEvents } from './msgpack-events.js';

const TIME = new ExtData(0, new Uint8Array(8));
const LINE = '10.0.0.1 - - [21/Nov/2026:06:07:42 +0000] "GET /a HTTP/1.1" 503 12';

function eventsOf(bytes: Uint8Array): { events: string[]; unreadable: number } {
  const events: string[] = [];
  const unreadable = msgpackEvents(bytes, (event) => void events.push(Buffer.from(event).toString('latin1')));
  return { events, unreadable };
}
const packed = (...values: unknown[]): Buffer => Buffer.concat(values.map((value) => encode(value)));

describe('msgpackEvents', () => {
  it.each<[string, unknown]>([
    ['an integer as time', [1_600_000_000, { log: LINE }]],
    ['a float as time', [1.5, { log: LINE }]],
    ['EventTime', [TIME, { log: LINE }]],
    ['time and metadata', [[TIME, { a: 1 }], { log: LINE }]],
    ['the key message', [TIME, { message: LINE }]],
    ['other keys besides', [TIME, { stream: 'stdout', log: LINE, kubernetes: { pod: 'x' } }]],
    ['message before log, whichever comes first', [TIME, { log: 'x', message: LINE }]],
    ['a bin', [TIME, { log: Buffer.from(LINE) }]],
    ['no time at all', { log: LINE }],
    ['a list of one entry', [[TIME, { log: LINE }]]],
    ['a list of records', [{ log: LINE }]],
  ])('gives the line of a record with %s', (_, value) => {
    expect(eventsOf(packed(value))).toEqual({ events: [LINE], unreadable: 0 });
  });

  it('gives records one behind another, and lists of two', () => {
    const entry = (log: string) => [TIME, { log }];
    expect(
      eventsOf(packed(entry('a'), entry('b'), [entry('c'), entry('d')], [{ log: 'e' }, { log: 'f' }])),
    ).toEqual({ events: ['a', 'b', 'c', 'd', 'e', 'f'], unreadable: 0 });
  });

  it('leaves bytes that are no text as they are', () => {
    const latin1 = Buffer.from('GET /caf\xe9', 'latin1');
    const asText = Buffer.concat([
      Buffer.from('82a16101a36c6f67', 'hex'),
      Buffer.from([0xa0 | latin1.length]),
      latin1,
    ]);
    expect(eventsOf(asText).events).toEqual(['GET /caf\xe9']);
  });

  it('gives another record as a JSON object', () => {
    const record = { status: 503, path: '/a "b"', up: [502, null], log: 7 };
    expect(eventsOf(packed([TIME, record])).events).toEqual([JSON.stringify(record)]);
  });

  it('an empty record is no event, as those with which Fluent Bit begins groups', () => {
    expect(eventsOf(packed([[-1, {}], {}]))).toEqual({ events: [], unreadable: 0 });
  });

  it.each<[string, Buffer, string[]]>([
    ['what is no record', packed([TIME, { log: 'a' }], 'text', 7, [TIME, 'x']), ['a']],
    ['a cut end', packed([TIME, { log: 'a' }], [TIME, { log: 'b' }]).subarray(0, -1), ['a']],
    ['a byte that begins no value', Buffer.concat([packed({ log: 'a' }), Buffer.from('c1c1', 'hex')]), ['a']],
  ])('counts %s', (name, bytes, events) => {
    expect(eventsOf(bytes)).toEqual({ events, unreadable: name === 'what is no record' ? 4 : 1 });
  });

  it('gives the same events in pieces of any size', () => {
    const bytes = packed(
      ...Array.from({ length: 20 }, (_, i) => [TIME, i % 2 ? { log: `line ${i}` } : { i }]),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (size) => {
        const events: string[] = [];
        const reader = new MsgpackEvents(
          (event) => void events.push(Buffer.from(event).toString('latin1')),
          1000,
        );
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
        reader.end();
        expect({ events, unreadable: reader.unreadable }).toEqual(eventsOf(bytes));
      }),
    );
  });

  it('a record beyond the limit ends the reading', () => {
    const reader = new MsgpackEvents(() => {}, 100);
    reader.push(packed({ log: 'x'.repeat(100) }));
    reader.end();
    expect(reader.unreadable).toBe(1);
  });
});
