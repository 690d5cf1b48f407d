import fc from 'fast-check';
import { OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { envoy } from './envoy.js';

const reader = envoy.reader({});
const request = new Request();

/** As documented: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string */
const DOCUMENTED =
  '[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "locations" "tcp://10.0.2.1:80"';

function read(line: string | Uint8Array): string {
  const bytes = typeof line === 'string' ? Buffer.from(line, 'latin1') : line;
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}

function line(status: string, flags: string, upstream = 'tcp://10.0.2.1:80', agent = 'nsq2http'): string {
  return `[2016-04-15T20:17:00.310Z] "GET /a HTTP/1.1" ${status} ${flags} 0 12 226 - "-" "${agent}" "-" "a.example" "${upstream}"`;
}

/** The lines here are made after the documented example. */
describe('envoy', () => {
  it('reads the documented example', () => {
    expect(read(DOCUMENTED)).toBe('read');
    expect([request.code, METHODS[request.method]]).toEqual([204, 'POST']);
    expect(request.timeMs).toBe(Date.parse('2016-04-15T20:17:00.310Z'));
    expect(request.path.toString()).toBe('/api/v1/locations');
    expect([request.bodyBytes, request.durationMicros]).toEqual([0, 226_000]);
    expect([request.client, request.userAgent, request.host].map(String)).toEqual([
      '10.0.35.28',
      'nsq2http',
      'locations',
    ]);
    expect(request.requestId.toString()).toBe('cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2');
    expect([MADE_BY[request.origin], request.complete, request.retryAfter]).toEqual(['vendor', 1, -2]);
  });

  it.each([
    ['503', '-', 'tcp://a:1', 'vendor unspecified'],
    ['503', 'DI', 'tcp://a:1', 'vendor unspecified'],
    ['200', 'UC', 'tcp://a:1', 'vendor unspecified'],
    ['200', 'DC', 'tcp://a:1', 'vendor unspecified'],
    ['499', 'DC', 'tcp://a:1', 'gateway client_closed'],
    ['404', '-', '-', 'gateway gateway_rejected'],
    ['503', '-', '-', 'gateway gateway_error'],
    ['301', '-', '-', 'gateway unspecified'],
    ['504', 'UT', 'tcp://a:1', 'gateway upstream_timeout'],
    ['503', 'UF,URX', 'tcp://a:1', 'gateway upstream_unreachable'],
    ['503', 'URX', 'tcp://a:1', 'gateway upstream_unreachable'],
    ['503', 'UH', '-', 'gateway upstream_unreachable'],
    ['503', 'UC', 'tcp://a:1', 'gateway upstream_unreachable'],
    ['502', 'UPE', 'tcp://a:1', 'gateway upstream_unreachable'],
    ['404', 'NR', '-', 'gateway gateway_rejected'],
    ['503', 'NC', '-', 'gateway gateway_error'],
    ['429', 'RL', '-', 'gateway throttled'],
    ['503', 'RLSE', '-', 'gateway throttled'],
    ['503', 'OM', '-', 'gateway gateway_error'],
    ['503', 'UO', 'tcp://a:1', 'gateway gateway_error'],
    ['503', 'DO', '-', 'gateway gateway_error'],
    ['503', 'UNKNOWN_FLAG', 'tcp://a:1', 'vendor unspecified'],
  ])('tells who made the status of %s %s with upstream %s', (status, flags, upstream, expected) => {
    expect(read(line(status, flags, upstream))).toBe('read');
    expect(`${MADE_BY[request.origin]} ${CAUSES[request.cause]}`).toBe(expected);
  });

  it.each([
    ['200', '-', 1],
    ['504', 'UT', 1],
    ['200', 'UC', 0],
    ['200', 'DC', 0],
  ])('tells whether the response of %s %s came whole', (status, flags, complete) => {
    read(line(status, flags));
    expect(request.complete).toBe(complete);
  });

  it('finds the host behind an agent that forges one', () => {
    expect(read(line('200', '-', 'tcp://a:1', 'x" "id" "forged.example" "tcp://b:1'))).toBe('read');
    expect(request.host.toString()).toBe('a.example');
    expect(MADE_BY[request.origin]).toBe('vendor');
  });

  it('reads what was not sent as absent', () => {
    read(line('200', '-').replace('GET /a', '- -').replace('a.example', '-'));
    expect([request.method, request.path.start, request.host.start]).toEqual([ABSENT, ABSENT, ABSENT]);
    expect([request.client.start, request.requestId.start]).toEqual([ABSENT, ABSENT]);
  });

  it('reads a path with quotes', () => {
    expect(read(DOCUMENTED.replace('locations HTTP', '"a" HTTP'))).toBe('read');
    expect([request.code, request.path.toString()]).toEqual([204, '/api/v1/"a"']);
  });

  it('takes the first address of those forwarded for', () => {
    read(DOCUMENTED.replace('10.0.35.28', '192.0.2.7,10.0.35.28'));
    expect(request.client.toString()).toBe('192.0.2.7');
  });

  it('takes a cut line as far as it goes', () => {
    expect(read(DOCUMENTED.slice(0, DOCUMENTED.indexOf(' "cc21')))).toBe('read');
    expect([MADE_BY[request.origin], request.host.start]).toEqual(['unknown', NOT_LOGGED]);
    expect(request.durationMicros).toBe(226_000);
    expect(read(DOCUMENTED.slice(0, DOCUMENTED.indexOf('226') + 2))).toBe('read');
    expect(request.durationMicros).toBe(NOT_LOGGED);
    expect(read(DOCUMENTED.slice(0, DOCUMENTED.indexOf('204') + 3))).toBe('truncated');
    expect(read(DOCUMENTED.slice(0, DOCUMENTED.indexOf(' HTTP/2')))).toBe('truncated');
  });

  it('knows nobody who made the status in a format of someone’s own', () => {
    expect(read('[2016-04-15T20:17:00.310Z] "GET /a HTTP/2" 503 - via_upstream - "-" 0 12 5 4 "-"')).toBe(
      'read',
    );
    expect([MADE_BY[request.origin], request.bodyBytes]).toEqual(['unknown', NOT_LOGGED]);
  });

  it('names what it cannot read', () => {
    expect(read('garbage')).toBe('malformed_line');
    expect(read('[yesterday] "GET / HTTP/2" 200 - 0 0 0 0 "-"')).toBe('malformed_line');
    expect(read('[2016-04-15T20:17:00.310Z] GET')).toBe('malformed_line');
    expect(read(line('0', 'DC'))).toBe('no_status');
    expect(read(line('9x', '-'))).toBe('bad_status');
  });

  it('has an outcome for any bytes, and for lines cut anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), fc.nat(), (noise, from, to) => {
        const cut = Buffer.from(DOCUMENTED.slice(from % 40, to % (DOCUMENTED.length + 1)), 'latin1');
        const head = Buffer.from(DOCUMENTED.slice(0, from % DOCUMENTED.length), 'latin1');
        for (const bytes of [noise, cut, head, Buffer.concat([head, noise])])
          expect(read(bytes)).toBeDefined();
      }),
    );
  });
});
