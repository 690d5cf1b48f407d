import protobuf from 'protobufjs/minimal.js';
import { EventsBySource } from './events-by-source.js';
import { readLokiJson, readLokiProtobuf } from './loki-push.js';
import { Malformed } from './malformed.js';

/** Every name is a source, and tells which of the names was the first. */
const events = (): EventsBySource => new EventsBySource((names) => names.join('|'));
const told = (all: EventsBySource): Record<string, string> =>
  Object.fromEntries(all.all.map(({ source, lines }) => [source, lines.toString('latin1')]));

interface Stream {
  readonly labels: string;
  readonly lines: readonly (string | Buffer)[];
}

const LENGTH = 2;
const field = (number: number, bytes: Uint8Array): Uint8Array =>
  protobuf.Writer.create()
    .uint32((number << 3) | LENGTH)
    .bytes(bytes)
    .finish();

function push(streams: readonly Stream[], labelsLast = false): Buffer {
  return Buffer.concat(
    streams.map(({ labels, lines }) => {
      const entries = lines.map((line) =>
        field(
          2,
          Buffer.concat([
            field(1, Buffer.of(0x08, 1)),
            field(2, Buffer.from(line as string)),
            field(3, Buffer.alloc(0)),
          ]),
        ),
      );
      const label = field(1, Buffer.from(labels));
      return field(1, Buffer.concat(labelsLast ? [...entries, label] : [label, ...entries]));
    }),
  );
}

function ofProtobuf(body: Buffer, tenant?: string): Record<string, string> {
  const all = events();
  readLokiProtobuf(body, tenant, all);
  return told(all);
}

function ofJson(body: unknown, tenant?: string): Record<string, string> {
  const all = events();
  readLokiJson(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), tenant, all);
  return told(all);
}

describe('a push to Loki', () => {
  const streams = [
    { labels: '{job="nginx"}', lines: ['one', 'two', ''] },
    { labels: '{app="a",job="edge",service_name="s"}', lines: [Buffer.from([0x2f, 0xe9])] },
  ];

  it.each([false, true])('is read in protobuf, byte for byte; labels last: %s', (labelsLast) => {
    expect(ofProtobuf(push(streams, labelsLast))).toEqual({ nginx: 'one\ntwo\n', 's|edge|a': '/\xe9\n' });
    expect(ofProtobuf(push(streams.slice(0, 1)), 'team-a')).toEqual({ 'team-a|nginx': 'one\ntwo\n' });
    expect(ofProtobuf(Buffer.alloc(0))).toEqual({});
  });

  it('is read in JSON, whatever stands behind the line', () => {
    const values = [
      ['1', 'one'],
      [2, 'two', { n: 1 }],
      ['3', 'three', 7, 'x'],
    ];
    expect(ofJson({ streams: [{ stream: { job: 'nginx', n: 1 }, values }] })).toEqual({
      nginx: 'one\ntwo\nthree\n',
    });
    expect(ofJson({ streams: [{ values: [['1', 'x']] }] })).toEqual({ unknown_service: 'x\n' });
    expect(ofJson({ streams: [] })).toEqual({});
  });

  it('is read in JSON as it was before Loki 1.0', () => {
    const entries = [{ ts: '2026-11-21T07:39:17Z', line: 'one' }];
    expect(ofJson({ streams: [{ labels: '{job="a,\\"b"}', entries }] })).toEqual({ 'a,"b': 'one\n' });
  });

  it.each([
    'no JSON',
    '[]',
    'null',
    '{}',
    '{"streams":{}}',
    '{"streams":[1]}',
    '{"streams":[{"values":1}]}',
    '{"streams":[{"values":[1]}]}',
    '{"streams":[{"values":[["1"]]}]}',
    '{"streams":[{"values":[["1",2]]}]}',
    '{"streams":[{"entries":[1]}]}',
    '{"streams":[{"labels":"x","entries":[]}]}',
  ])('says what is wrong with %s', (body) => {
    expect(() => ofJson(body)).toThrow(Malformed);
  });

  it('says so of protobuf that ends too early, and of labels that are none', () => {
    const whole = push(streams);
    for (let length = 1; length < whole.length; length++) {
      if (length === push(streams.slice(0, 1)).length) continue;
      expect(() => ofProtobuf(whole.subarray(0, length))).toThrow(Malformed);
    }
    expect(() => ofProtobuf(push([{ labels: 'job=nginx', lines: ['x'] }]))).toThrow(Malformed);
  });
});
