import fc from 'fast-check';
import { AutoEventReader } from './auto-event-reader.js';
import { detectFormat } from './detect-format.js';
import { EventReader } from './event-reader.js';
import { OUTCOMES, type Format } from './format.js';
import { FORMATS } from './formats/index.js';
import type { OnEvent } from './framing.js';

const LINE = '10.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /é HTTP/1.1" 503 5 "-" "curl"';
const OBJECT = '{"status":"503","request_uri":"/\\"é\\u00e9","request_method":"GET"}';

function collect(into: string[]): OnEvent {
  return (outcome, request, bytes, start, end) => {
    const what = outcome === 0 ? `${request.code} ${request.path.toString()}` : OUTCOMES[outcome]!;
    into.push(`${what} <${Buffer.from(bytes.subarray(start, end)).toString('latin1')}>`);
  };
}

function events(
  format: Format,
  body: string | Uint8Array,
  cuts: number[] = [],
  maxLineBytes = 200,
): string[] {
  const bytes = Buffer.from(body as string);
  const seen: string[] = [];
  const reader = new EventReader(format, {}, collect(seen), { maxLineBytes });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  // a copy of each piece, wiped after use: nothing may be kept of it
  for (let i = 1; i < places.length; i++) {
    const piece = Uint8Array.prototype.slice.call(bytes, places[i - 1], places[i]);
    reader.push(piece);
    piece.fill(0x21);
  }
  reader.end();
  return seen;
}
const outcomes = (format: Format, body: string, maxLineBytes?: number): string[] =>
  events(format, body, [], maxLineBytes).map((event) => event.split(' ')[0]!);

const { combined, json, 'nginx-json': nginx } = FORMATS;

describe('EventReader', () => {
  it('gives an event as soon as its line break has come, however small the pieces are', () => {
    for (const [format, line] of [
      [combined, LINE],
      [nginx, OBJECT],
    ] as const) {
      const seen: string[] = [];
      const reader = new EventReader(format, {}, collect(seen), { maxLineBytes: 200 });
      for (let lines = 1; lines < 4; lines++) {
        for (const byte of Buffer.from(`${line}\n`)) reader.push(Uint8Array.of(byte));
        expect(seen).toHaveLength(lines);
      }
    }
  });

  it.each([
    ['lines', `${OBJECT}\n${OBJECT}\n`],
    ['lines with CRLF, blank ones and no last break', `\r\n${OBJECT}\r\n \r\n\n${OBJECT}`],
    ['a list', `[${OBJECT},${OBJECT}]`],
    ['a list over many lines', ` [\n{\n"status" :\n503\n}\n,\n${OBJECT}\n]\n`],
    ['objects one behind the other', `${OBJECT}${OBJECT}`],
    ['a byte order mark', `\ufeff${OBJECT}\n${OBJECT}`],
    ['a list of texts', JSON.stringify([OBJECT, '', OBJECT])],
    [
      'envelopes',
      [{ message: OBJECT, log: { offset: 1 } }, { log: `${OBJECT}\n` }]
        .map((o) => JSON.stringify(o))
        .join('\n'),
    ],
    ['the records that a Kafka REST proxy is sent', `{"records":[{"value":${OBJECT}},{"value":${OBJECT}}]}`],
    ['records over many lines', ` { "records" :\n[{"value":\n${OBJECT}},\n{"value":${OBJECT}}\n]\n}\n`],
    ['records with texts', JSON.stringify({ records: [{ value: OBJECT }, { value: { message: OBJECT } }] })],
  ])('reads JSON in %s', (_shape, body) => expect(outcomes(nginx, body)).toEqual(['503', '503']));

  it.each([
    ['lines', `${LINE}\n${LINE}`],
    ['lines with CRLF and blank ones', `\ufeff\r\n${LINE}\r\n\r\n${LINE}\r\n`],
    ['a list of texts', JSON.stringify([`${LINE}\n`, LINE, ' '])],
    [
      'envelopes',
      [{ message: LINE, log: { offset: 1 } }, { log: `${LINE}\n` }].map((o) => JSON.stringify(o)).join(''),
    ],
    ['a list of envelopes', JSON.stringify([{ message: LINE }, { log: LINE }], null, 1)],
    ['records', JSON.stringify({ records: [{ value: LINE }, { key: 'x', value: { message: LINE } }] })],
  ])('reads text in %s', (_shape, body) => expect(outcomes(combined, body)).toEqual(['503', '503']));

  it('rejects one malformed event once and leaves its neighbours alone', () => {
    const bad = ['{"status":', '{"status":"5', '{"status" 5}', 'garbage', '{"a":"x', '{"a":{}'];
    for (const text of bad) {
      expect(outcomes(nginx, `${OBJECT}\n${text}\n${OBJECT}`)).toHaveLength(3);
      expect(outcomes(nginx, `${OBJECT}\n${text}\n${OBJECT}`).filter((o) => o === '503')).toHaveLength(2);
    }
    expect(outcomes(nginx, `${OBJECT}{"status" 5}${OBJECT}`)).toEqual(['503', 'malformed_json', '503']);
    expect(outcomes(nginx, `[${OBJECT},{"status" 5},null,${OBJECT}]`)).toEqual([
      '503',
      'malformed_json',
      'malformed_json',
      '503',
    ]);
    expect(outcomes(combined, `${LINE}\ngarbage\n${LINE}`)).toEqual(['503', 'malformed_line', '503']);
  });

  it('calls a cut object truncated, in the middle and at the end', () => {
    expect(outcomes(nginx, `{"status":503\n${OBJECT}\n{"status":`)).toEqual([
      'truncated',
      '503',
      'truncated',
    ]);
    expect(outcomes(nginx, `[${OBJECT},{"status"`)).toEqual(['503', 'truncated']);
  });

  it('rejects a long line once and goes on behind it', () => {
    const long = 'x'.repeat(500);
    expect(outcomes(combined, `${LINE}\n${long}\n${LINE}\n${long}`)).toEqual([
      '503',
      'line_too_long',
      '503',
      'line_too_long',
    ]);
    expect(outcomes(nginx, `{"a":"${long}"}\n${OBJECT}`)).toEqual(['line_too_long', '503']);
    expect(outcomes(nginx, `[{"a":"${long}"},\n${OBJECT}]`)).toEqual(['line_too_long', '503']);
  });

  it('calls an unreadable line with a NUL binary, a readable one read', () => {
    expect(outcomes(combined, `\0\0\n${LINE.replace('curl', 'cu\0rl')}`)).toEqual(['binary', '503']);
  });

  it('gives the same events whatever the pieces', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          OBJECT,
          LINE,
          '\n',
          '\r\n',
          ',',
          '[',
          ']',
          '{',
          '{"status":503}',
          '{"status" 5}',
          '{"a":"x',
          '"',
          '\0',
          '\ufeff',
          'x'.repeat(210),
        ],
        ...[
          JSON.stringify({ message: LINE }),
          JSON.stringify({ log: OBJECT }),
          JSON.stringify(LINE),
          OBJECT.slice(0, 30),
          '{"a":{"b":[1,\n2]}}',
          '\n',
          '\n',
        ],
      ),
      fc.string({ maxLength: 4 }),
    );
    const body = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(
        body,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom<Format>(nginx, combined, json),
        (text, cuts, format) => expect(events(format, text, cuts)).toEqual(events(format, text)),
      ),
      { numRuns: 3000 },
    );
  });

  it('gives the same events one byte at a time', () => {
    const body = `\ufeff[\n${OBJECT},{"status" 5},\n"${'x'.repeat(250)}",\n${OBJECT}`;
    const every = Array.from({ length: Buffer.from(body).length }, (_, i) => i);
    expect(events(nginx, body, every)).toEqual(events(nginx, body));
  });
});

describe('AutoEventReader', () => {
  function auto(body: string): [string[], string | undefined] {
    const seen: string[] = [];
    const reader = new AutoEventReader(collect(seen));
    reader.push(Buffer.from(body));
    reader.end();
    return [seen.map((event) => event.split(' ')[0]!), reader.detection?.format];
  }

  it.each([
    ['nginx-json', `${OBJECT}\n${OBJECT}`],
    ['combined', `${LINE}\n${LINE}`],
    ['combined', JSON.stringify([{ message: LINE }, { message: LINE }])],
    ['kong-json', '{"request":{"method":"GET","uri":"/"},"response":{"status":503}}\n'.repeat(2)],
    ['json', '{"method":"GET","path":"/","http_status":503}\n'.repeat(2)],
  ])('detects %s', (name, body) => expect(auto(body)).toEqual([['503', '503'], name]));

  it('rejects every line of what it does not know', () => {
    expect(auto('a\n\nb\n')).toEqual([['malformed_line', 'malformed_line'], undefined]);
  });

  it('says why', () => {
    expect(detectFormat(Buffer.from(LINE))?.why).toBe(
      '1 of the first 1 events read as combined, each with a status, a method and a path.',
    );
  });
});
