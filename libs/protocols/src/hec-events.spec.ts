import fc from 'fast-check';
import { readHecEvents, readHecRaw, type HecNames } from './hec-events.js';

function read(body: string, names: HecNames = {}) {
  const events: string[] = [];
  const reading = readHecEvents(Buffer.from(body), names, (by, event) =>
    events.push(`${by.join('/')}: ${Buffer.from(event).toString()}`),
  );
  return { events, ...reading };
}

const raw = (body: string): string[] => {
  const events: string[] = [];
  readHecRaw(Buffer.from(body), (event) => events.push(Buffer.from(event).toString()));
  return events;
};

it('reads texts and objects, one behind the other, with what they go by', () => {
  const body =
    '{"event":"GET \\"/a\\" {}","time":"1795241587.201","host":"h"}' +
    '{"index":"main","source":"/var/log/x","sourcetype":"nginx","event":{"event":"y","n":[1]}}\n' +
    '{"event":7,"index":"","fields":{"a":"b"}}';
  expect(read(body, { index: 'query', sourcetype: 'combined' })).toEqual({
    events: [
      'query/combined: GET "/a" {}',
      'main//var/log/x/nginx: {"event":"y","n":[1]}',
      'query/combined: 7',
    ],
    good: 3,
    bad: undefined,
  });
});

it.each([
  ['{"event":"a"}{"host":"x"}', 1, { fault: 'event_field_required', number: 1 }],
  ['{"event":""}', 0, { fault: 'event_field_blank', number: 0 }],
  ['{"event":null}{"event":{}}', 1, { fault: 'event_field_blank', number: 0 }],
  ['{"event":"a"}\nrubbish\n{"event":"b"}', 2, { fault: 'invalid_data_format', number: 1 }],
  ['{"event":"a', 0, { fault: 'invalid_data_format', number: 0 }],
])('%s: what is good is counted, and the first that is not is told', (body, good, bad) => {
  expect(read(body)).toMatchObject({ good, bad });
});

it('gives what is no envelope as it came, under the names of the one before it', () => {
  expect(read('rubbish\n{"event":"a","index":"i"}\n{"cut', { index: 'q' }).events).toEqual([
    'q: rubbish',
    'i: a',
    'i: {"cut',
  ]);
  expect(read('{"event":"a"}\nrubbish\n{"host":"x"}').events).toEqual([': a', ': rubbish', ': {"host":"x"}']);
});

it('gives every text back, however the envelopes are put together', () => {
  const between = fc.constantFrom('', '\n', ',', ' \r\n');
  const texts = fc.array(fc.string({ unit: 'binary', minLength: 1 }));
  fc.assert(
    fc.property(texts, between, fc.boolean(), (all, separator, inList) => {
      const envelopes = all.map((event) => JSON.stringify({ fields: { event: '}' }, event })).join(separator);
      const { events, bad } = read(inList ? `[${envelopes}]` : envelopes);
      expect(bad).toBeUndefined();
      expect(events).toEqual(all.map((text) => `: ${text}`));
    }),
  );
});

it('raw: each line is an event, and each object of a list', () => {
  expect(raw('a\n\n[21/Nov/2026] b\n{"c":1}{"d":2}')).toEqual(['a', '', '[21/Nov/2026] b', '{"c":1}{"d":2}']);
  expect(raw(' [\n{"a":1},{"b":[{}]}]')).toEqual(['{"a":1}', '{"b":[{}]}']);
  expect(raw('')).toEqual([]);
});
