import { readFileSync } from 'node:fs';
import { type FieldMappings, OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { json } from './json.js';

const request = new Request();

function read(object: unknown, fields: FieldMappings = {}): string {
  const bytes = Buffer.from(JSON.stringify(object));
  return OUTCOMES[json.reader(fields).read(bytes, 0, bytes.length, request)]!;
}

describe('json', () => {
  it('reads by the usual names: every line of a real nginx log', () => {
    const lines = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8').trimEnd().split('\n');
    for (const line of lines) {
      const wanted = JSON.parse(line) as Record<string, string>;
      expect(read(wanted)).toBe('read');
      expect(request.code).toBe(Number(wanted.status));
      expect(request.path.toString()).toBe(wanted.request_uri);
      expect(request.timeMs).toBe(Date.parse(wanted.time!));
      expect(MADE_BY[request.origin]).toBe('unknown');
    }
  });

  it('reads Caddy', () => {
    const header = { 'Retry-After': ['30'] };
    const asked = { method: 'GET', host: 'a', uri: '/x' };
    expect(
      read({
        ts: 1795246765.5476408,
        request: asked,
        duration: 4.7923e-5,
        status: 429,
        resp_headers: header,
      }),
    ).toBe('read');
    expect([request.timeMs, request.durationMicros, request.retryAfter]).toEqual([1795246765548, 48, 30]);
    expect([request.host.toString(), request.path.toString()]).toEqual(['a', '/x']);
  });

  it('reads the attributes of OpenTelemetry', () => {
    const today = {
      time: '2026-11-21T07:39:17.123Z',
      'http.request.method': 'GET',
      'url.scheme': 'https',
      'url.path': '/openidm/x',
      'url.query': '_queryFilter=true',
      'server.address': 'idm.example.net',
      'server.port': 443,
      'http.response.status_code': 503,
      'client.address': '10.0.0.9',
      'user_agent.original': 'curl/8.5',
      'http.response.body.size': 12,
      'http.server.request.duration': 0.25,
      'http.response.header.retry-after': ['30'],
      'http.response.header.content-type': ['application/json'],
      'http.response.header.x-partial-success': ['2'],
      'http.request.header.if-match': ['"a"'],
      'http.request.header.if-none-match': ['*'],
      'http.request.header.x-request-id': ['r1'],
      'user.id': 'robot',
      'error.type': 'DCS.4096',
    };
    expect(read(today)).toBe('read');
    expect([request.code, METHODS[request.method], request.timeMs]).toEqual([503, 'GET', 1795246757123]);
    const { path, host, client, userAgent, contentType, ifMatch, ifNoneMatch, requestId, consumer } = request;
    expect(
      [path, host, client, userAgent, contentType, ifMatch, ifNoneMatch, requestId, consumer].map(String),
    ).toEqual([
      '/openidm/x?_queryFilter=true',
      'idm.example.net',
      '10.0.0.9',
      'curl/8.5',
      'application/json',
      '"a"',
      '*',
      'r1',
      'robot',
    ]);
    expect([request.bodyBytes, request.durationMicros, request.retryAfter]).toEqual([12, 250_000, 30]);
    expect([request.errorCode.toString(), request.partialSuccess]).toEqual(['DCS.4096', 2]);
  });

  it('reads the attributes of OpenTelemetry as they were', () => {
    const before = {
      'http.method': 'PUT',
      'http.target': '/openidm/x?a=1',
      'http.host': 'idm.example.net:8443',
      'http.status_code': '412',
      'http.client_ip': '10.0.0.9',
      'http.user_agent': 'curl/8.5',
      'http.response_content_length': 7,
      'http.request.header.if_match': ['"a"'],
      'http.response.header.retry_after': '5',
    };
    expect(read(before)).toBe('read');
    expect([request.code, METHODS[request.method], request.bodyBytes, request.retryAfter]).toEqual([
      412,
      'PUT',
      7,
      5,
    ]);
    expect(
      [request.path, request.host, request.client, request.userAgent, request.ifMatch].map(String),
    ).toEqual(['/openidm/x?a=1', 'idm.example.net:8443', '10.0.0.9', 'curl/8.5', '"a"']);
  });

  it.each([
    [{ 'url.path': '/a', 'url.query': '' }, '/a'],
    [{ 'url.path': '/a', 'url.query': '?b=1' }, '/a?b=1'],
    [{ 'url.path': '/a?b=1', 'url.query': 'b=1' }, '/a?b=1'],
    [{ 'url.path': '/\u00e9', 'url.query': 'x="y"' }, '/\u00e9?x="y"'],
    [{ 'url.path': '/a', 'url.query': { b: 1 } }, '/a'],
    [{ 'url.path': '/a', 'url.query': 'b'.repeat(5000) }, `/a?${'b'.repeat(5000)}`],
    [{ 'url.query': 'b=1' }, ''],
    [{ 'url.full': 'https://h.example:8443/a?b=1' }, '/a?b=1'],
    [{ 'http.url': 'http://h.example:8443' }, ''],
  ])('puts the target of %j together', (fields, path) => {
    expect(read({ status: 200, ...fields })).toBe('read');
    expect(request.path.toString()).toBe(path);
  });

  it('takes the host of a whole URL, unless there is a better one', () => {
    read({ status: 200, 'url.full': 'https://h.example:8443/a' });
    expect(request.host.toString()).toBe('h.example:8443');
    read({ status: 200, 'url.full': 'https://h.example:8443/a', 'server.address': 'a' });
    expect(request.host.toString()).toBe('a');
    read(
      { status: 200, line: 'GET https://h.example/a HTTP/1.1' },
      { status: { path: ['status'] }, request_line: { path: ['line'] } },
    );
    expect([request.host, request.path].map(String)).toEqual(['h.example', '/a']);
  });

  it('does not take the status for a code of the vendor', () => {
    read({ 'http.response.status_code': 503, 'error.type': '503' });
    expect(request.errorCode.start).toBe(NOT_LOGGED);
    read({ 'http.response.status_code': 503, 'error.type': '504' });
    expect(request.errorCode.toString()).toBe('504');
  });

  it('reads by the names of a mapping, and by no others', () => {
    const fields: FieldMappings = {
      status: { path: ['s', '1'] },
      duration: { path: ['took'], unit: 'ms' },
      time: { path: ['when'], unit: 'clf' },
      complete: { path: ['conn'] },
    };
    const object = { s: [1, '503'], took: 1.5, when: '21/Nov/2026:07:39:17 +0000', conn: 'X', path: '/x' };
    expect(read(object, fields)).toBe('read');
    expect([request.code, request.durationMicros, request.complete]).toEqual([503, 1500, 0]);
    expect(request.timeMs).toBe(Date.parse('2026-11-21T07:39:17Z'));
    expect(request.path.start).toBe(NOT_LOGGED);
  });

  it('guesses the unit of a time by its size', () => {
    for (const time of [
      1795246757,
      1795246757000,
      1795246757e6,
      '1795246757000000000',
      '2026-11-21T07:39:17Z',
    ]) {
      read({ status: 200, time });
      expect(request.timeMs).toBe(1795246757000);
    }
  });

  it.each([
    ['503', 'vendor unspecified'],
    ['502, 503', 'vendor unspecified'],
    ['200', 'gateway unspecified'],
    ['-', 'gateway gateway_error'],
    ['', 'gateway gateway_error'],
    [null, 'gateway gateway_error'],
    [0, 'gateway gateway_error'],
    [undefined, 'unknown unspecified'],
  ])('takes the origin from a mapped upstream_status: %j', (upstream, origin) => {
    read({ status: 503, up: upstream }, { status: { path: ['status'] }, upstream_status: { path: ['up'] } });
    expect(`${MADE_BY[request.origin]} ${CAUSES[request.cause]}`).toBe(origin);
  });

  it.each([
    [[], 0],
    [[{}], 1],
    [3, 3],
    [true, 1],
    ['false', 0],
    ['', ABSENT],
    [null, ABSENT],
  ])('counts the partial successes of %j', (value, count) => {
    read({ status: 500, partial_success: value });
    expect(request.partialSuccess).toBe(count);
  });

  it('names what it cannot read', () => {
    expect(read({})).toBe('missing_status');
    expect(read({ status: {} })).toBe('bad_status');
    expect(read({ status: 0 })).toBe('no_status');
  });
});
