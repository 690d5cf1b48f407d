import { exportLogs } from '../../../test/shippers/messages.js';
import { EventsBySource } from './events-by-source.js';
import { Malformed } from './malformed.js';
import { readOtlpJson } from './otlp-json.js';
import type { Poison } from './otlp-poison.js';
import { readOtlpProtobuf } from './otlp-protobuf.js';

const NANOS = '1795246757123456789';
const TIME = '2026-11-21T07:39:17.123Z';

interface Told {
  /** By source, which is the name that was handed over. */
  readonly events: Record<string, string[]>;
  readonly poison: Poison;
}

function told(read: (events: EventsBySource) => Poison): Told {
  const all = new EventsBySource((names) => names.join('|'));
  const poison = read(all);
  const events: Record<string, string[]> = {};
  for (const { source, lines } of all.all)
    events[source] = [...(events[source] ?? []), ...lines.toString('latin1').split('\n').slice(0, -1)];
  return { events, poison };
}

const ofJson = (request: unknown): Told =>
  told((events) =>
    readOtlpJson(Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)), events),
  );
const ofProtobuf = (request: Buffer): Told => told((events) => readOtlpProtobuf(request, events));

/** Either encoding, of the same request: bytes are base64 in both forms of the object. */
const ENCODINGS = {
  json: ofJson,
  protobuf: (request: object) => ofProtobuf(exportLogs(request)),
};

const text = (stringValue: string) => ({ stringValue });
const attribute = (key: string, value: object) => ({ key, value });
const service = (name: string) => ({ attributes: [attribute('service.name', text(name))] });
const request = (...logRecords: object[]) => ({
  resourceLogs: [{ resource: service('edge'), scopeLogs: [{ logRecords }] }],
});

describe.each(Object.entries(ENCODINGS))('a request to export logs, in %s', (_name, read) => {
  const eventsOf = (...records: object[]): string[] | undefined => read(request(...records)).events.edge;

  it('gives the text of a body, unchanged, to the service that it names', () => {
    const logRecords = [{ timeUnixNano: NANOS, body: text('GET "/a" é') }, { body: text('{"status":503}') }];
    const second = { resource: service('other'), scopeLogs: [{ logRecords: [{ body: text('x') }] }] };
    const nameless = { scopeLogs: [{ logRecords: [{ body: text('y') }] }] };
    const all = [...request(...logRecords).resourceLogs, second, nameless];
    expect(read({ resourceLogs: all }).events).toEqual({
      edge: ['{"status":503}', 'GET "/a" \xc3\xa9'],
      other: ['x'],
      unknown_service: ['y'],
    });
  });

  it('makes an object of attributes that tell of a request, with the text beside them', () => {
    const attributes = [
      attribute('http.request.method', text('GET')),
      attribute('http.response.status_code', { intValue: '503' }),
      attribute('http.response.header.retry-after', { arrayValue: { values: [text('3'), { intValue: 4 }] } }),
      attribute('odd "key"\n', { doubleValue: 0.5 }),
      attribute('flag', { boolValue: true }),
      attribute('raw', { bytesValue: 'AQI=' }),
      attribute('none', {}),
      attribute('nested', { kvlistValue: { values: [attribute('a', { intValue: -7 })] } }),
    ];
    const [event] = eventsOf({ timeUnixNano: NANOS, body: text('served'), attributes })!;
    expect(JSON.parse(event!)).toEqual({
      time: TIME,
      'http.request.method': 'GET',
      'http.response.status_code': 503,
      'http.response.header.retry-after': ['3', 4],
      'odd "key"\n': 0.5,
      flag: true,
      raw: 'AQI=',
      none: null,
      nested: { a: -7 },
      message: 'served',
    });
  });

  it('makes an object of a body that is one, which counts more than an attribute of the same name', () => {
    const values = [attribute('status', { intValue: 503 }), attribute('request', { kvlistValue: {} })];
    const record = { body: { kvlistValue: { values } }, attributes: [attribute('status', text('x'))] };
    expect(
      eventsOf({ ...record, observedTimeUnixNano: NANOS })!.map((one) => JSON.parse(one) as unknown),
    ).toEqual([{ time: TIME, status: 503, request: {} }]);
  });

  it('keeps what it does not understand where somebody can see it', () => {
    expect(eventsOf({ body: { intValue: 5 } }, {}, { attributes: [attribute('a', text('b'))] })).toEqual([
      '{"body":5}',
      '{}',
      '{"a":"b"}',
    ]);
    expect(eventsOf({ body: text('') })).toBeUndefined();
    expect(
      eventsOf({ body: text(''), attributes: [attribute('DownstreamStatus', { intValue: 1 })] }),
    ).toEqual(['{"DownstreamStatus":1}']);
  });

  it('takes bytes for a line', () => {
    expect(eventsOf({ body: { bytesValue: Buffer.from([0x2f, 0xe9]).toString('base64') } })).toEqual([
      '/\xe9',
    ]);
  });

  it('refuses a record that nests too deep, and stores its neighbours', () => {
    let deep: object = text('x');
    for (let i = 0; i < 40; i++) deep = { arrayValue: { values: [deep] } };
    const { events, poison } = read(request({ body: text('one') }, { body: deep }, { body: text('two') }));
    expect(events).toEqual({ edge: ['one', 'two'] });
    expect([poison.records, poison.reason]).toEqual([1, expect.stringContaining('deeper')]);
  });

  it('takes an empty request', () => {
    expect(read({})).toMatchObject({ events: {}, poison: { records: 0, reason: '' } });
    expect(read({ resourceLogs: [] }).events).toEqual({});
  });
});

describe('a request in protobuf', () => {
  const whole = exportLogs(request({ body: text('one') }, { body: text('two') }));

  it('is malformed when it ends too early', () => {
    for (let length = 1; length < whole.length; length++)
      expect(() => ofProtobuf(whole.subarray(0, length))).toThrow(Malformed);
  });

  it('is stored but for the records that are damaged inside', () => {
    const damaged = Buffer.from(whole);
    const body = damaged.indexOf('one') - 1; // the length of the text
    damaged[body] = 100;
    const { events, poison } = ofProtobuf(damaged);
    expect(events).toEqual({ edge: ['two'] });
    expect(poison.records).toBe(1);
  });

  it('is refused as a whole where nothing but damage is in it', () => {
    const record = Buffer.of(0x12, 0x01, 0x0a);
    const scope = Buffer.concat(Array<Buffer>(2000).fill(record));
    const sized = (tag: number, bytes: Buffer) =>
      Buffer.concat([Buffer.of(tag, 0x80 | (bytes.length & 0x7f), bytes.length >> 7), bytes]);
    expect(() => ofProtobuf(sized(0x0a, sized(0x12, scope)))).toThrow(/More than 1000/);
  });

  it('leaves text alone that is no UTF-8', () => {
    const latin1 = Buffer.from(whole);
    latin1[latin1.indexOf('one')] = 0xe9;
    expect(ofProtobuf(latin1).events.edge![0]).toBe('\xe9ne');
  });
});

describe('a request in JSON', () => {
  it('may be a list of requests, or one a line, as Vector sends it', () => {
    const [one, two] = [request({ body: text('one') }), request({ body: text('two') })];
    const edge = ['one', 'two'];
    expect(ofJson([one, two]).events).toEqual({ edge });
    expect(ofJson(`${JSON.stringify(one)}\n${JSON.stringify(two)}\n`).events).toEqual({ edge });
    expect(ofJson('').events).toEqual({});
  });

  it.each([
    'no JSON',
    '1',
    '"x"',
    '[1]',
    '{"logs":[]}',
    '{"resourceLogs":{}}',
    '{"resourceLogs":[1]}',
    '{}\nx',
  ])('is malformed: %s', (body) => {
    expect(() => ofJson(body)).toThrow(Malformed);
  });

  it.each([1, null, { body: text('x'), attributes: 1 }, { attributes: [{ value: {} }] }])(
    'is stored but for the record %j',
    (record) => {
      const { events, poison } = ofJson(request(record as object, { body: text('y') }));
      expect(events).toEqual({ edge: ['y'] });
      expect(poison.records).toBe(1);
    },
  );

  it('takes numbers as texts and texts as numbers, and no others', () => {
    const attributes = [
      attribute('http.status_code', { intValue: 503 }),
      attribute('a', { intValue: '0007' }),
      attribute('b', { intValue: '1e5' }),
      attribute('c', { doubleValue: 'NaN' }),
      attribute('d', { boolValue: 'true' }),
      attribute('e', { stringValue: [[1]] }),
    ];
    const [event] = ofJson(request({ timeUnixNano: Number(NANOS), attributes })).events.edge!;
    expect(JSON.parse(event!)).toEqual({
      time: TIME,
      'http.status_code': 503,
      a: 7,
      b: '1e5',
      c: null,
      d: true,
      e: '',
    });
    expect(ofJson(request({ timeUnixNano: '9'.repeat(40), body: { intValue: 1 } })).events.edge).toEqual([
      '{"body":1}',
    ]);
  });
});
