import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { haproxy } from './haproxy.js';

const reader = haproxy.reader({});
const request = new Request();
const LOG = readFileSync('libs/access-log/test-data/haproxy-httplog.log', 'latin1').trimEnd().split('\n');

function read(line: string | Uint8Array): string {
  const bytes = typeof line === 'string' ? Buffer.from(line, 'latin1') : line;
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}

interface Parts {
  head?: string;
  server?: string;
  timers?: string;
  status?: string;
  bytes?: string;
  cookies?: string;
  state?: string;
  captures?: string;
  asked?: string;
}
const line = (parts: Parts = {}): string => {
  const { head = '', server = 'fe be/s1', timers = '0/0/0/1/3006', status = '503', state = '----' } = parts;
  const { bytes = '217', cookies = '- -', captures = '', asked = '"GET /a HTTP/1.1"' } = parts;
  const [time, counts] = ['[21/Nov/2026:06:06:47.913]', '1/1/0/0/+3 0/0'];
  return `${head}127.0.0.1:56782 ${time} ${server} ${timers} ${status} ${bytes} ${cookies} ${state} ${counts} ${captures}${asked}`;
};

describe('haproxy', () => {
  it('reads every line of a real log', () => {
    expect(LOG).toHaveLength(147);
    const seen: Record<string, number> = {};
    for (const text of LOG) {
      expect(read(text)).toBe('read');
      const [, host, retryAfter, method, path] = /\{([^|]*)\|[^}]*\} \{(\d*)\} "([A-Z]+) (.*) HTTP/.exec(
        text,
      )!;
      const [, ms, status] = /\/(\d+) (\d+) \d+ - - /.exec(text)!;
      expect(request.code).toBe(Number(status));
      expect(request.host.toString()).toBe(host);
      expect(request.client.toString()).toBe('127.0.0.1');
      expect(METHODS[request.method]).toBe(method);
      expect(request.path.toString()).toBe(path!.replaceAll('#22', '"'));
      expect(request.durationMicros).toBe(Number(ms) * 1000);
      expect(request.bodyBytes).toBe(NOT_LOGGED);
      if (MADE_BY[request.origin] === 'vendor')
        expect(request.retryAfter).toBe(retryAfter === '' ? ABSENT : Number(retryAfter));
      expect(Math.abs(request.timeMs - Date.parse('2026-11-21T07:39:20Z'))).toBeLessThan(60_000);
      const who = `${MADE_BY[request.origin]} ${CAUSES[request.cause]} ${request.complete}`;
      seen[who] = (seen[who] ?? 0) + 1;
    }
    expect(seen).toEqual({
      'vendor unspecified 1': 145,
      'gateway upstream_timeout 1': 1,
      'gateway upstream_unreachable 1': 1,
    });
  });

  it.each([
    ['no header', ''],
    ['a BSD header without a host', '<134>Nov 21 07:39:20 haproxy[6373]: '],
    ['a BSD header with a host', 'Nov  1 07:39:20 lb-1 haproxy[6373]: '],
    ['an RFC 5424 header', '<134>1 2026-11-21T07:39:20.913+00:00 lb-1 haproxy 6373 - - '],
  ])('reads a line with %s', (_what, head) => {
    expect(read(line({ head, captures: '{shop.example.com|curl/7.88.1} {|} ' }))).toBe('read');
    expect(request.client.toString()).toBe('127.0.0.1');
    expect(request.timeMs).toBe(Date.parse('2026-11-21T06:06:47.913Z'));
    expect([request.host.toString(), request.path.toString()]).toEqual(['shop.example.com', '/a']);
    expect([request.code, request.durationMicros, request.retryAfter]).toEqual([503, 3_006_000, ABSENT]);
  });

  it.each([
    ['fe be/s1', '----', '503', 'vendor unspecified'],
    ['fe be/s1', '--VN', '200', 'vendor unspecified'],
    ['fe be/s1', 'SD--', '200', 'vendor unspecified'],
    ['fe be/s1', 'CD--', '504', 'vendor unspecified'],
    ['fe be/s1', 'cL--', '503', 'vendor unspecified'],
    ['fe be/s1', 'sH--', '504', 'gateway upstream_timeout'],
    ['fe be/s1', 'sQ--', '503', 'gateway gateway_error'],
    ['fe be/s1', 'sC--', '503', 'gateway upstream_unreachable'],
    ['fe be/s1', 'sC--', '504', 'gateway upstream_timeout'],
    ['dead dead/d1', 'SC--', '503', 'gateway upstream_unreachable'],
    ['fe be/s1', 'SH--', '502', 'gateway upstream_unreachable'],
    ['fe be/<NOSRV>', 'SC--', '503', 'gateway upstream_unreachable'],
    ['fe fe/<NOSRV>', 'SC--', '503', 'gateway gateway_error'],
    ['fe~ fe/<NOSRV>', 'SC--', '503', 'gateway gateway_error'],
    ['fe fe/<NOSRV>', 'LR--', '429', 'gateway throttled'],
    ['fe fe/<NOSRV>', 'LR--', '301', 'gateway unspecified'],
    ['fe fe/<NOSRV>', 'PR--', '403', 'gateway gateway_rejected'],
    ['fe be/s1', 'PH--', '502', 'gateway gateway_error'],
    ['fe fe/<STATS>', '----', '200', 'gateway unspecified'],
    ['fe be/s1', 'CH--', '400', 'gateway client_closed'],
    ['fe fe/<NOSRV>', 'cR--', '408', 'gateway gateway_rejected'],
    ['fe be/s1', 'RC--', '503', 'gateway gateway_error'],
    ['fe be/s1', 'IH--', '500', 'gateway gateway_error'],
    ['fe be/s1', 'DH--', '503', 'gateway upstream_unreachable'],
    ['fe be/s1', 'ZZ--', '503', 'unknown unspecified'],
  ])('tells who made the status of %s %s %s', (server, state, status, expected) => {
    expect(read(line({ server, state, status }))).toBe('read');
    expect(`${MADE_BY[request.origin]} ${CAUSES[request.cause]}`).toBe(expected);
  });

  it.each([
    ['', '', NOT_LOGGED],
    ['{} ', '', NOT_LOGGED],
    ['{a.example} ', 'a.example', NOT_LOGGED],
    ['{30} ', '', NOT_LOGGED],
    ['{30|idm:8080} ', 'idm:8080', NOT_LOGGED],
    ['{curl/7.88.1|[2001:db8::1]} {} ', '[2001:db8::1]', ABSENT],
    ['{10.0.0.7|b.example} {|} ', '10.0.0.7', ABSENT],
    ['{a.example} {7} ', 'a.example', 7],
    ['{a.example} {12|7} ', 'a.example', 7],
    ['{a.example} {7|} ', 'a.example', 7],
    ['{a.example} {text/html} ', 'a.example', NOT_LOGGED],
    ['{a.example} {Sat, 21 Nov 2026 06:07:47 GMT} ', 'a.example', 60],
    ['{a#7Bb|idm|a.example} {} ', 'a.example', ABSENT],
  ])('takes host and Retry-After out of %s', (captures, host, retryAfter) => {
    expect(read(line({ captures }))).toBe('read');
    expect([request.host.toString(), request.retryAfter]).toEqual([host, retryAfter]);
    expect(request.path.toString()).toBe('/a');
  });

  it.each([
    ['{a.example} {5|partial_success=2|error_code=DCS.4096} ', 5, 2, 'DCS.4096'],
    ['{a.example} {error_code=DCS.4096|partial_success=2|5} ', 5, 2, 'DCS.4096'],
    ['{a.example} {|partial_success=0|error_code=} ', ABSENT, 0, ABSENT],
    ['{a.example} {partial_success=|error_code=-} ', NOT_LOGGED, ABSENT, ABSENT],
    ['{a.example} {partial_success=-|7} ', 7, ABSENT, NOT_LOGGED],
    ['{a.example} {error_code=30} ', NOT_LOGGED, NOT_LOGGED, '30'],
    ['{a.example} {partial_success=two} ', NOT_LOGGED, NOT_LOGGED, NOT_LOGGED],
    ['{a.example} {partial_success|error_cod} ', NOT_LOGGED, NOT_LOGGED, NOT_LOGGED],
    ['{a.example} {||} ', ABSENT, NOT_LOGGED, NOT_LOGGED],
    ['{} {5|partial_success=2} ', 5, 2, NOT_LOGGED],
    ['{a.example|partial_success=2|error_code=x} {} ', ABSENT, NOT_LOGGED, NOT_LOGGED],
    ['{a.example|partial_success=2|error_code=x} ', NOT_LOGGED, NOT_LOGGED, NOT_LOGGED],
  ])('takes what the body told out of %s', (captures, retryAfter, partialSuccess, code) => {
    expect(read(line({ captures }))).toBe('read');
    expect([request.retryAfter, request.partialSuccess]).toEqual([retryAfter, partialSuccess]);
    const { errorCode } = request;
    expect(errorCode.present ? errorCode.toString() : errorCode.start).toBe(code);
    expect(request.path.toString()).toBe('/a');
  });

  it('knows no Retry-After of HAProxy itself but one that is there', () => {
    read(line({ state: 'LR--', server: 'fe fe/<NOSRV>', captures: '{a.b} {} ' }));
    expect(request.retryAfter).toBe(NOT_LOGGED);
    read(line({ state: 'LR--', server: 'fe fe/<NOSRV>', captures: '{a.b} {9} ' }));
    expect(request.retryAfter).toBe(9);
  });

  it('decodes the escapes of a path', () => {
    read(line({ asked: '"GET /#22q#22#7b#2 HTTP/1.1"' }));
    expect(request.path.toString()).toBe('/"q"{#2');
  });

  it('takes host and path out of the target of HTTP/2', () => {
    read(line({ asked: '"GET https://b.example:8443/a?b=http://c/ HTTP/2.0"' }));
    expect([request.host.toString(), request.path.toString()]).toEqual(['b.example:8443', '/a?b=http://c/']);
    read(line({ captures: '{a.example} ', asked: '"GET https://b.example/a HTTP/2.0"' }));
    expect([request.host.toString(), request.path.toString()]).toEqual(['a.example', '/a']);
    read(line({ asked: '"GET https://b.example' }));
    expect([request.host.start, request.path.start]).toEqual([NOT_LOGGED, ABSENT]);
  });

  it('has no method and path of a bad request', () => {
    const parts = {
      server: 'fe fe/<NOSRV>',
      timers: '-1/-1/-1/-1/-1',
      status: '400',
      state: 'PR--',
      asked: '"<BADREQ>"',
    };
    expect(read(line(parts))).toBe('read');
    expect([request.method, request.path.start, request.durationMicros]).toEqual([ABSENT, ABSENT, ABSENT]);
  });

  it('reads a line of option logasap: its response may go on', () => {
    expect(read(line({ timers: '0/0/0/1/+30', bytes: '+217' }))).toBe('read');
    expect([request.durationMicros, request.complete]).toEqual([30_000, NOT_LOGGED]);
    read(line({ state: 'CD--' }));
    expect(request.complete).toBe(0);
  });

  it('finds the state behind cookies with spaces', () => {
    read(line({ cookies: 'a=b c LR-- d -', state: 'sH--', status: '504' }));
    expect(CAUSES[request.cause]).toBe('upstream_timeout');
  });

  it('takes a cut line as far as it goes', () => {
    const whole = line({ captures: '{a.example} {5} ', asked: '"GET /a/b HTTP/1.1"' });
    expect(read(whole.slice(0, whole.indexOf('HTTP') + 2))).toBe('read');
    expect([request.path.toString(), request.retryAfter]).toEqual(['/a/b', 5]);
    expect(read(whole.slice(0, whole.indexOf('/b')))).toBe('read');
    expect(request.path.toString()).toBe('/a');
    expect(read(whole.slice(0, whole.indexOf(' {5')))).toBe('read');
    expect([request.host.toString(), request.path.start]).toEqual(['a.example', NOT_LOGGED]);
    expect(read(whole.slice(0, whole.indexOf('----')))).toBe('read');
    expect(MADE_BY[request.origin]).toBe('unknown');
    expect(read(whole.slice(0, whole.indexOf('503') + 3))).toBe('truncated');
    expect(read(whole.slice(0, whole.indexOf('be/s1')))).toBe('truncated');
  });

  it('names what it cannot read', () => {
    expect(read('garbage')).toBe('malformed_line');
    expect(read('1.2.3.4:5 [21/Nov/2026:06:06:47.913] fe be/s1 0/0/2 141 -- 1/1/0/0/0 0/0')).toBe(
      'malformed_line',
    );
    expect(read('1.2.3.4:5 [21/Nov/2026:06:06:47.913] fe/1: SSL handshake failure of somebody')).toBe(
      'malformed_line',
    );
    expect(read(line({ status: 'abc' }))).toBe('bad_status');
    for (const status of ['-1', '0']) expect(read(line({ status }))).toBe('no_status');
  });

  it('has an outcome for any bytes, and for real lines cut anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(...LOG), fc.nat(), fc.nat(), (noise, text, from, to) => {
        const cut = Buffer.from(text.slice(from % 60, to % (text.length + 1)), 'latin1');
        for (const bytes of [noise, cut, Buffer.concat([cut, noise])]) expect(read(bytes)).toBeDefined();
      }),
    );
  });
});
