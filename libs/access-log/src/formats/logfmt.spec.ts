import { type FieldMappings, OUTCOMES } from '../format.js';
import { MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { logfmt } from './logfmt.js';

const request = new Request();

/** After the documented example: https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format */
const HEROKU =
  'at=info method=GET path="/" host=example-app-1234567890ab.heroku.com request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="204.204.204.204" dyno=web.1 connect=0ms service=18ms status=200 bytes=13 protocol=https';
const H12 =
  '<158>1 2026-11-21T07:39:17+00:00 host heroku router - at=error code=H12 desc="Request timeout" method=GET path="/a?q=\\"b\\"" host=a.example fwd="192.0.2.7" dyno=web.1 connect=1ms service=30001ms status=503 bytes=0 protocol=https';

function read(line: string, fields: FieldMappings = {}): string {
  const bytes = Buffer.from(line, 'utf8');
  return OUTCOMES[logfmt.reader(fields).read(bytes, 0, bytes.length, request)]!;
}

describe('logfmt', () => {
  it('reads a line of the Heroku router', () => {
    expect(read(HEROKU)).toBe('read');
    expect([request.code, METHODS[request.method], request.durationMicros]).toEqual([200, 'GET', 18_000]);
    const { path, host, client, requestId } = request;
    expect([path, host, client, requestId].map(String)).toEqual([
      '/',
      'example-app-1234567890ab.heroku.com',
      '204.204.204.204',
      '8601b555-6a83-4c12-8269-97c8e32cdb22',
    ]);
    expect([MADE_BY[request.origin], request.timeMs, request.retryAfter]).toEqual(['unknown', -2, -2]);
  });

  it('reads it behind a syslog header, with escapes; the router’s code is not the vendor’s', () => {
    expect(read(H12)).toBe('read');
    expect([request.code, request.durationMicros]).toEqual([503, 30_001_000]);
    expect(request.path.toString()).toBe('/a?q="b"');
    expect(request.errorCode.start).toBe(NOT_LOGGED);
  });

  it.each([
    ['duration=1.5', 1_500_000],
    ['duration=1m2.5s', 62_500_000],
    ['duration_ms=18', 18_000],
    ['duration_ms=18s', 18_000_000],
    ['took=47.9µs', 48],
    ['elapsed=250us', 250],
    ['service=18', 18_000],
    ['service=api', NOT_LOGGED],
  ])('reads the duration of %s', (text, micros) => {
    read(`status=200 ${text}`);
    expect(request.durationMicros).toBe(micros);
  });

  it('reads times, in quotes or as numbers', () => {
    for (const time of ['2026-11-21T07:39:17Z', '"2026-11-21 07:39:17"', '1795246757', '1795246757000']) {
      read(`ts=${time} status=200`);
      expect(request.timeMs).toBe(1795246757000);
    }
  });

  it('splits a request line', () => {
    read('request="POST /a b HTTP/1.1" status=200');
    expect([METHODS[request.method], request.path.toString()]).toEqual(['POST', '/a b']);
  });

  it('takes the first of a key that comes twice, and no word alone for a value', () => {
    read('msg=request status of status=503 status=200');
    expect(request.code).toBe(503);
    expect(read('status path=/')).toBe('bad_status');
  });

  it('reads flags', () => {
    read('whole status=200', { status: { path: ['status'] }, complete: { path: ['whole'] } });
    expect(request.complete).toBe(1);
  });

  it('reads by the keys of a mapping, dots included, and by no others', () => {
    const fields: FieldMappings = {
      status: { path: ['resp', 'code'] },
      duration: { path: ['resp', 'took'], unit: 'us' },
    };
    expect(read('resp.code=503 resp.took=40 path=/x', fields)).toBe('read');
    expect([request.code, request.durationMicros, request.path.start]).toEqual([503, 40, NOT_LOGGED]);
  });

  it('names what it cannot read', () => {
    expect(read('status=200 path="/a')).toBe('truncated');
    expect(read('status=200 path="/a\\"')).toBe('truncated');
    expect(read('status=200 "path"=/')).toBe('malformed_line');
    expect(read('status=200 =x')).toBe('malformed_line');
    expect(read('path=/ and no more')).toBe('missing_status');
    expect(read('status= path=/')).toBe('missing_status');
    expect(read('status=- path=/')).toBe('no_status');
    expect(read('status=2x path=/')).toBe('bad_status');
  });
});
