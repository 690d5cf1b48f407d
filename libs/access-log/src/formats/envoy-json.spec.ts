import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { envoyJson } from './envoy-json.js';

const reader = envoyJson.reader({});
const request = new Request();

/** The values of the documented example of the text log, under the keys of docs/gateways/envoy.md. */
const EXAMPLE = {
  start_time: '2016-04-15T20:17:00.310Z',
  method: 'POST',
  path: '/api/v1/locations',
  response_code: '204',
  response_flags: '-',
  response_code_details: 'via_upstream',
  duration: '226',
  bytes_sent: '0',
  authority: 'locations',
  upstream_host: '10.0.2.1:80',
  x_forwarded_for: '10.0.35.28',
  retry_after: '-',
};

function readBytes(bytes: Uint8Array): string {
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}
const read = (fields: object): string => readBytes(Buffer.from(JSON.stringify(fields)));

function madeBy(fields: object): string {
  expect(read({ ...EXAMPLE, ...fields })).toBe('read');
  return `${MADE_BY[request.origin]} ${CAUSES[request.cause]}`;
}

/** The lines here are made after the documented example. */
describe('envoy-json', () => {
  it.each([
    ['texts', EXAMPLE],
    ['typed values', { ...EXAMPLE, response_code: 204, duration: 226, bytes_sent: 0, retry_after: null }],
  ])('reads an object of %s', (_what, fields) => {
    expect(read(fields)).toBe('read');
    expect([request.code, METHODS[request.method]]).toEqual([204, 'POST']);
    expect(request.timeMs).toBe(Date.parse('2016-04-15T20:17:00.310Z'));
    expect([request.path, request.host, request.client].map(String)).toEqual([
      '/api/v1/locations',
      'locations',
      '10.0.35.28',
    ]);
    expect([request.bodyBytes, request.durationMicros, request.retryAfter]).toEqual([0, 226_000, ABSENT]);
    expect([MADE_BY[request.origin], request.complete]).toEqual(['vendor', 1]);
    expect([request.ifMatch.start, request.partialSuccess]).toEqual([NOT_LOGGED, NOT_LOGGED]);
  });

  it.each([
    ['URX', '503', 'via_upstream', 'vendor unspecified'],
    ['URX', '503', undefined, 'gateway upstream_unreachable'],
    [
      'URX',
      '503',
      'upstream_reset_before_response_started{connection_failure}',
      'gateway upstream_unreachable',
    ],
    ['UT', '504', 'upstream_response_timeout', 'gateway upstream_timeout'],
    ['RL', '429', 'request_rate_limited', 'gateway throttled'],
    ['-', '429', 'via_upstream', 'vendor unspecified'],
    ['-', '503', 'direct_response', 'gateway gateway_error'],
    [null, '503', '-', 'vendor unspecified'],
    [undefined, '503', 'via_upstream', 'vendor unspecified'],
    [undefined, '503', undefined, 'unknown unspecified'],
    ['DC', '200', 'downstream_remote_disconnect', 'vendor unspecified'],
  ])('tells who made the status of flags %s, code %s, details %s', (flags, code, details, expected) => {
    const fields = { response_flags: flags, response_code: code, response_code_details: details };
    expect(madeBy(fields)).toBe(expected);
  });

  it('does not guess where flags say nothing and the upstream is not logged', () => {
    const fields = { response_code: '503', upstream_host: undefined, response_code_details: undefined };
    expect(madeBy(fields)).toBe('unknown unspecified');
    expect(madeBy({ ...fields, upstream_host: '-' })).toBe('gateway gateway_error');
  });

  it('reads Retry-After', () => {
    read({ ...EXAMPLE, retry_after: '30' });
    expect(request.retryAfter).toBe(30);
  });

  it('reads every key of the json_format on the page that users paste it from', () => {
    const page = readFileSync('docs/gateways/envoy.md', 'utf8');
    const keys = [...page.matchAll(/^ +(\w+): "%.*%"$/gm)].map((match) => match[1]!);
    expect(keys.length).toBeGreaterThan(12);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(EXAMPLE)));
    expect(read(Object.fromEntries(keys.map((key) => [key, '200'])))).toBe('read');
    const { contentType, ifMatch, ifNoneMatch, requestId, userAgent, host, path } = request;
    for (const text of [contentType, ifMatch, ifNoneMatch, requestId, userAgent, host, path])
      expect(text.toString()).toBe('200');
    expect([request.partialSuccess, request.retryAfter]).toEqual([200, 200]);
  });

  it('names what it cannot read', () => {
    expect(read({})).toBe('missing_status');
    expect(read({ response_code: '0', response_flags: 'DC' })).toBe('no_status');
    expect(readBytes(Buffer.from('{"response_code":'))).toBe('truncated');
    expect(readBytes(Buffer.from('garbage'))).toBe('malformed_json');
  });

  it('has an outcome for any bytes, and for lines cut anywhere', () => {
    const text = JSON.stringify({ ...EXAMPLE, response_flags: 'UF,URX' });
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), (noise, to) => {
        const cut = Buffer.from(text.slice(0, to % (text.length + 1)));
        for (const bytes of [noise, cut, Buffer.concat([cut, noise])]) expect(readBytes(bytes)).toBeDefined();
      }),
    );
  });
});
