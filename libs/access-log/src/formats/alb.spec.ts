import { readFileSync } from 'node:fs';
import { OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { alb } from './alb.js';

const reader = alb.reader({});
const request = new Request();

/**
 * Made after the documented examples:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
const LOG = readFileSync('libs/access-log/test-data/alb.log', 'utf8').trimEnd().split('\n');

function read(line: string): string {
  const bytes = Buffer.from(line, 'latin1');
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}
const origin = (): string => `${MADE_BY[request.origin]} ${CAUSES[request.cause]}`;

/** The first line with the statuses of the balancer and the target, the last actions and the reason. */
const line = (statuses: string, actions = 'forward', reason = '-'): string =>
  LOG[0]!.replace(' 200 200 ', ` ${statuses} `).replace('"forward" "-" "-"', `"${actions}" "-" "${reason}"`);

describe('alb', () => {
  it('tells who made the status of every line of the log', () => {
    const origins = LOG.map((text) => {
      expect(read(text)).toBe('read');
      return `${request.code} ${origin()}`;
    });
    expect(origins).toEqual([
      '200 vendor unspecified',
      '503 vendor unspecified',
      '200 vendor unspecified',
      '101 vendor unspecified',
      '200 vendor unspecified',
      '502 gateway upstream_unreachable',
      '504 gateway upstream_timeout',
      '503 gateway gateway_error',
      '403 gateway gateway_rejected',
      '561 gateway gateway_error',
      '460 gateway client_closed',
      '400 gateway gateway_rejected',
    ]);
  });

  it('takes every field', () => {
    read(LOG[1]!);
    expect(request.timeMs).toBe(Date.parse('2026-11-21T07:39:18.186Z'));
    expect([METHODS[request.method], request.durationMicros]).toEqual(['GET', 171_000]);
    const { path, host, client, userAgent, requestId } = request;
    expect([path, host, client, userAgent, requestId].map(String)).toEqual([
      '/v2/0a1b/instances',
      'dcs.ap-southeast-1.myhuaweicloud.com:443',
      '2001:db8::39',
      'python-requests/2.31.0',
      'Root=1-58337281-1d84f3d73c47ec4e58577259',
    ]);
    expect([request.retryAfter, request.bodyBytes, request.complete]).toEqual([-2, -2, -2]);
  });

  it.each([
    ['[2001:db8::1]:2817', '2001:db8::1'],
    ['2001:db8::1:2817', '2001:db8::1'],
    ['192.168.131.39:2817', '192.168.131.39'],
  ])('reads the client %s', (client, expected) => {
    read(LOG[0]!.replace('192.168.131.39:2817', client));
    expect(request.client.toString()).toBe(expected);
  });

  it.each([
    ['502 -', 'forward', '-', 'gateway upstream_unreachable'],
    ['503 -', 'forward', '-', 'gateway upstream_unreachable'],
    ['504 -', 'waf,forward', '-', 'gateway upstream_timeout'],
    ['503 -', 'waf,fixed-response', '-', 'gateway gateway_error'],
    ['429 -', 'waf', '-', 'gateway throttled'],
    ['500 -', 'waf-failed', '-', 'gateway gateway_error'],
    ['503 -', 'forward', 'WeightedTargetGroupsUnhandledException', 'gateway gateway_error'],
    ['302 -', 'authenticate', '-', 'gateway unspecified'],
    ['401 -', 'authenticate', 'AuthInvalidCookie', 'gateway gateway_rejected'],
    ['464 -', '-', '-', 'gateway gateway_rejected'],
    ['504 -', '-', '-', 'gateway upstream_timeout'],
    ['502 200', 'forward', '-', 'gateway unspecified'],
    ['460 200', 'forward', '-', 'gateway client_closed'],
    ['504 504', 'forward', '-', 'vendor unspecified'],
  ])('tells who made %s after %s for the reason %s', (statuses, actions, reason, expected) => {
    expect(read(line(statuses, actions, reason))).toBe('read');
    expect(origin()).toBe(expected);
  });

  it('keeps the status that the target gave and the client did not get', () => {
    read(line('502 200'));
    expect([...request.earlierAttempts.subarray(0, request.attemptCount)]).toEqual([200]);
    read(line('502 -'));
    expect(request.attemptCount).toBe(0);
  });

  it('has no duration where a target did not answer', () => {
    read(LOG[6]!);
    expect(request.durationMicros).toBe(ABSENT);
  });

  it('takes the name of the TLS handshake where the request has no host', () => {
    read(LOG[8]!.replace('https://a.example:443/', '/'));
    expect([request.host, request.path].map(String)).toEqual(['a.example', '/']);
    read(LOG[11]!);
    expect([request.host.start, request.method, request.path.start]).toEqual([NOT_LOGGED, ABSENT, ABSENT]);
  });

  it('takes a cut line as far as it goes', () => {
    const cutBefore = (text: string): string => LOG[5]!.slice(0, LOG[5]!.indexOf(text));
    expect(read(cutBefore(' "forward"'))).toBe('read');
    expect(origin()).toBe('gateway upstream_unreachable');
    expect(read(cutBefore(' HTTP/1.1'))).toBe('read');
    expect([request.path.start, origin()]).toEqual([NOT_LOGGED, 'gateway upstream_unreachable']);
    expect(read(cutBefore(' 34 366'))).toBe('read');
    expect(origin()).toBe('unknown unspecified');
    for (const text of [' - 34', ' -1 502', ' app/']) expect(read(cutBefore(text))).toBe('truncated');
  });

  it('names what it cannot read', () => {
    for (const text of ['garbage', 'garbage of no kind', 'http 2026-11-21T07'])
      expect(read(text)).toBe('malformed_line');
    expect(read(LOG[0]!.replace('0.001', 'x'))).toBe('malformed_line');
    expect(read(line('000 -'))).toBe('no_status');
    expect(read(line('- -'))).toBe('no_status');
    expect(read(line('99x -'))).toBe('bad_status');
  });
});
