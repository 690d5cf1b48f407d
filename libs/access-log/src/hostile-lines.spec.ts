import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { OUTCOMES, READ } from './format.js';
import { FORMATS, FORMAT_NAMES, type FormatName } from './formats/index.js';
import { Request, Text } from './request.js';

const DATA = 'libs/access-log/test-data';
const SEED = 20261121;
const RUNS = 300;

const fileLines = (name: string): string[] =>
  readFileSync(`${DATA}/${name}.log`, 'latin1').trimEnd().split('\n');

/** Lines that each format reads. */
const EXAMPLES: Readonly<Record<FormatName, readonly string[]>> = {
  'nginx-json': fileLines('nginx-json'),
  'traefik-clf': fileLines('traefik-clf'),
  combined: ['nginx-combined', 'apache-combined', 'apache-combined-ra'].flatMap(fileLines),
  haproxy: fileLines('haproxy-httplog'),
  envoy: [
    '[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0" "locations" "tcp://10.0.2.1:80"',
  ],
  'envoy-json': [
    '{"start_time":"2016-04-15T20:17:00.310Z","method":"GET","path":"/a","response_code":"503","response_flags":"UF,URX","upstream_host":"-"}',
  ],
  'caddy-json': fileLines('caddy-json'),
  'traefik-json': fileLines('traefik-json'),
  'kong-json': fileLines('kong-json'),
  alb: fileLines('alb'),
  ltsv: [
    'time:[21/Nov/2026:07:39:17 +0000]\thost:10.0.0.9\treq:GET /\\x22a HTTP/1.1\tstatus:503\treqtime:0.019',
  ],
  logfmt: ['at=info method=GET path="/a\\"b" host=a.example fwd="10.0.0.9" service=18ms status=503 bytes=13'],
  json: ['{"time":"2026-11-21T07:39:17Z","method":"GET","path":"/\\"a","status":503,"request_time":0.019}'],
};

const line = (name: FormatName): fc.Arbitrary<Buffer> =>
  fc.constantFrom(...EXAMPLES[name]).map((text) => Buffer.from(text, 'latin1'));

/** A byte that means something somewhere, or any other. */
const byte = fc.oneof(
  fc.constantFrom(...Buffer.from('"\\[]{}:,- \t=/.0159eH\0\n', 'latin1')),
  fc.integer({ min: 0, max: 255 }),
);

/** A line with some bytes put in, taken out or changed. */
function mutated(name: FormatName): fc.Arbitrary<Buffer> {
  const change = fc.record({
    at: fc.nat(),
    taken: fc.nat({ max: 3 }),
    put: fc.array(byte, { maxLength: 4 }),
  });
  return fc.tuple(line(name), fc.array(change, { maxLength: 5 })).map(([bytes, changes]) =>
    changes.reduce((kept, { at, taken, put }) => {
      const from = at % (kept.length + 1);
      return Buffer.concat([kept.subarray(0, from), Buffer.from(put), kept.subarray(from + taken)]);
    }, bytes),
  );
}

const truncated = (name: FormatName): fc.Arbitrary<Buffer> =>
  fc.tuple(mutated(name), fc.nat()).map(([bytes, end]) => bytes.subarray(0, end % (bytes.length + 1)));

const hostile = (name: FormatName): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(byte, { maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    mutated(name),
    truncated(name),
  );

const reader = (name: FormatName) => FORMATS[name].reader({});

/** All that a reader tells of `bytes[start, end)`. */
function told(lines: ReturnType<typeof reader>, bytes: Uint8Array, start: number, end: number): unknown {
  const request = new Request();
  const outcome = OUTCOMES[lines.read(bytes, start, end, request)];
  if (outcome !== 'read') return outcome;
  const { earlierAttempts, attemptCount, ...fields } = request;
  const values = Object.entries(fields).map(([name, value]) =>
    value instanceof Text ? [name, value.present ? value.toString() : value.start] : [name, value],
  );
  return [...values, ...earlierAttempts.subarray(0, attemptCount)];
}

describe.each(FORMAT_NAMES)('any line as %s', (name) => {
  const lines = reader(name);

  it('is an example that reads', () => {
    const request = new Request();
    const outcomes = EXAMPLES[name].map((text) => {
      const bytes = Buffer.from(text, 'latin1');
      return lines.read(bytes, 0, bytes.length, request);
    });
    expect(new Set(outcomes)).toEqual(new Set([READ]));
  });

  it('has an outcome, and a status if it is read', () => {
    const request = new Request();
    fc.assert(
      fc.property(hostile(name), (bytes) => {
        const outcome = lines.read(bytes, 0, bytes.length, request);
        expect(OUTCOMES[outcome]).toBeDefined();
        if (outcome !== READ) return;
        expect(request.code >= 100 && request.code <= 599).toBe(true);
        expect(request.timeMs >= -2 && request.durationMicros >= -2 && request.bodyBytes >= -2).toBe(true);
        expect(request.retryAfter >= -2).toBe(true);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('is the same whatever stands around it', () => {
    const around = fc.constantFrom('" 200 5 "x" "y" 1ms', '"}', '\\', ' - - [', '\t', '5', '');
    fc.assert(
      fc.property(hostile(name), around, around, (bytes, before, after) => {
        const all = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
        const inside = told(lines, all, before.length, before.length + bytes.length);
        expect(inside).toEqual(told(lines, bytes, 0, bytes.length));
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});

const LONG = 60 * 1024;
const FILLINGS = [
  '"',
  '[',
  ']',
  '{',
  '\\',
  ',',
  ' ',
  '\t',
  ':',
  '=',
  '-',
  '/',
  '0',
  '\\"',
  '" ',
  ' "',
  '" 1',
  ' [',
  ' - ',
  '{"',
];
/** What a slow or busy machine may add; a line that costs its square takes seconds. */
const SLACK_MS = 20;

describe.each(FORMAT_NAMES)('a long line as %s', (name) => {
  const lines = reader(name);
  const request = new Request();

  /** Milliseconds of the quickest of three. */
  function cost(text: string): number {
    const bytes = Buffer.from(text, 'latin1');
    const times = [0, 1, 2].map(() => {
      const start = performance.now();
      lines.read(bytes, 0, bytes.length, request);
      return performance.now() - start;
    });
    return Math.min(...times);
  }

  /** An example with so much put in behind each third of it, and the filling alone. */
  function filled(filling: string): string[] {
    const much = filling.repeat(Math.ceil(LONG / filling.length));
    const text = EXAMPLES[name][0]!;
    const places = [0, 1, 2, 3].map((third) => Math.round((third * text.length) / 3));
    const status = text.search(/ [2-5]\d\d /);
    const quotes = [text.indexOf('"') + 1, text.lastIndexOf('"')];
    const holes = [...places, ...quotes, status].filter((place) => place >= 0);
    return [much, ...holes.map((place) => `${text.slice(0, place)}${much}${text.slice(place)}`)];
  }

  it.each(FILLINGS)('of %j costs a bounded multiple of a plain one', (filling) => {
    const plain = Math.max(...filled('a').map(cost));
    for (const text of filled(filling)) expect(cost(text)).toBeLessThan(20 * plain + SLACK_MS);
  });
});
