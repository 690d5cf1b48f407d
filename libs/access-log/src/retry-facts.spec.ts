import { readFileSync } from 'node:fs';
import { clientAttempt } from './client-attempt.js';
import { UNREADABLE } from './decimal.js';
import { type FieldMappings, OUTCOMES } from './format.js';
import { FORMATS, type FormatName } from './formats/index.js';
import { ABSENT, NOT_LOGGED, Request, type Text } from './request.js';

/** What tells whether a request is one that came before, and where it goes on: of every format. */

const request = new Request();
const told = (text: Text): string | number => (text.present ? text.toString() : text.start);

/** @returns when it began, its size, its attempt, its Idempotency-Key and Location */
function facts(format: FormatName, line: string | object, fields: FieldMappings = {}): unknown[] {
  const bytes = Buffer.from(typeof line === 'string' ? line : JSON.stringify(line), 'latin1');
  const outcome = FORMATS[format].reader(fields).read(bytes, 0, bytes.length, request);
  expect(OUTCOMES[outcome]).toBe('read');
  const { startMs, requestBytes, attempt, idempotencyKey, location } = request;
  return [startMs, requestBytes, attempt, told(idempotencyKey), told(location)];
}

const NONE = [NOT_LOGGED, NOT_LOGGED, NOT_LOGGED, NOT_LOGGED];
const NINE_AM = Date.parse('2026-11-21T09:00:00Z');
const CLF = '10.0.0.1 - - [21/Nov/2026:09:00:00 +0000] "POST /a HTTP/1.1" 202 5';
const EXTRAS = `${CLF} "-" "curl" 2500000 - a.example`;
const HAPROXY = (captures: string): string =>
  `10.0.0.7:1 [21/Nov/2026:09:00:00.000] fe be/s1 0/0/1/5/2500 202 1 - - ---- 1/1/0/0/0 0/0 ${captures} "POST /a HTTP/1.1"`;
const ENVOY =
  '[2026-11-21T09:00:00.000Z] "POST /a HTTP/1.1" 202 - 351 12 2500 - "-" "curl" "-" "a.example" "tcp://10.0.2.1:80"';
const TRAEFIK = {
  DownstreamStatus: 202,
  time: '2026-11-21T09:00:00Z',
  Duration: 2_500_000_000,
  origin_Date: 'x',
};
const KONG = { response: { status: 202 }, started_at: NINE_AM, latencies: { request: 2500 } };
const CADDY = { status: 202, ts: NINE_AM / 1000, duration: 2.5 };
const [ALB = ''] = readFileSync('libs/access-log/test-data/alb.log', 'utf8').split('\n');

describe('a request tells when it began, its size, its attempt, its key and where it goes on', () => {
  it.each<[FormatName, string | object, unknown[]]>([
    [
      'nginx-json',
      {
        status: '202',
        msec: `${NINE_AM / 1000}.000`,
        request_time: 2.5,
        request_length: 351,
        attempt: '2',
        idempotency_key: 'k-1',
        location: '/jobs/7',
      },
      [NINE_AM - 2500, 351, 2, 'k-1', '/jobs/7'],
    ],
    [
      'nginx-json',
      { status: '202', time: '2026-11-21T09:00:00Z', attempt: '', idempotency_key: '', location: '' },
      [NINE_AM, NOT_LOGGED, ABSENT, ABSENT, ABSENT],
    ],
    ['nginx-json', { status: '202', attempt: 'attempt=3; max=5' }, [NOT_LOGGED, NOT_LOGGED, 3, -2, -2]],
    ['combined', CLF, [NINE_AM, ...NONE]],
    ['combined', EXTRAS, [NINE_AM, ...NONE]],
    ['combined', EXTRAS.replace('2500000', '2.500'), [NINE_AM - 2500, ...NONE]],
    ['combined', `${EXTRAS} 351 "/jobs/\\"7" "k-1" "2"`, [NINE_AM, 351, 2, 'k-1', '/jobs/"7']],
    ['combined', `${EXTRAS} - "-" "-" "-"`, [NINE_AM, ABSENT, ABSENT, ABSENT, ABSENT]],
    ['combined', `${EXTRAS} 351 "/jobs/7" "k-`, [NINE_AM, 351, NOT_LOGGED, NOT_LOGGED, '/jobs/7']],
    ['combined', `${EXTRAS} 351 "/jobs/7" "k-1" "x"`, [NINE_AM, 351, NOT_LOGGED, 'k-1', '/jobs/7']],
    ['combined', `${EXTRAS} else "/jobs/7"`, [NINE_AM, ...NONE]],
    ['haproxy', HAPROXY('{a.example|curl} {}'), [NINE_AM, ...NONE]],
    [
      'haproxy',
      HAPROXY(
        '{a.example|c|request_bytes=351|idempotency_key=k#7C1|attempt=attempt=2; max=3} {|location=/j#23/7}',
      ),
      [NINE_AM, 351, 2, 'k|1', '/j#/7'],
    ],
    [
      'haproxy',
      HAPROXY('{a.example|request_bytes=|idempotency_key=|attempt=0} {location=}'),
      [NINE_AM, ABSENT, NOT_LOGGED, ABSENT, ABSENT],
    ],
    ['haproxy', HAPROXY('{a.example|location=/x} {attempt=2}'), [NINE_AM, ...NONE]],
    ['envoy', ENVOY, [NINE_AM, 351, NOT_LOGGED, NOT_LOGGED, NOT_LOGGED]],
    [
      'envoy-json',
      {
        response_code: 202,
        start_time: '2026-11-21T09:00:00Z',
        duration: 2500,
        bytes_received: 0,
        attempt: '-',
        idempotency_key: 'k-1',
        location: '/jobs/7',
      },
      [NINE_AM, 0, ABSENT, 'k-1', '/jobs/7'],
    ],
    ['envoy-json', { response_code: 202 }, [NOT_LOGGED, ...NONE]],
    ['caddy-json', CADDY, [NINE_AM - 2500, ...NONE]],
    [
      'caddy-json',
      {
        ...CADDY,
        bytes_read: 5,
        request: { headers: { 'Idempotency-Key': ['k-1'], 'Amz-Sdk-Request': ['attempt=2; max=3'] } },
        resp_headers: { Location: ['/jobs/7'] },
      },
      [NINE_AM - 2500, 5, 2, 'k-1', '/jobs/7'],
    ],
    [
      'caddy-json',
      { ...CADDY, request: { headers: { Accept: ['*'] } }, resp_headers: { Date: ['x'] } },
      [NINE_AM - 2500, ABSENT, ABSENT, ABSENT, ABSENT],
    ],
    [
      'caddy-json',
      { ...CADDY, request: { headers: { 'Content-Length': ['16'] } } },
      [NINE_AM - 2500, 16, ABSENT, ABSENT, NOT_LOGGED],
    ],
    ['kong-json', KONG, [NINE_AM, ...NONE]],
    [
      'kong-json',
      {
        ...KONG,
        request: { size: 351, headers: { 'idempotency-key': 'k-1', 'x-attempt': '2' } },
        response: { status: 202, headers: { location: '/jobs/7' } },
      },
      [NINE_AM, 351, 2, 'k-1', '/jobs/7'],
    ],
    ['traefik-json', TRAEFIK, [NINE_AM - 2500, ...NONE]],
    [
      'traefik-json',
      {
        ...TRAEFIK,
        StartUTC: '2026-11-21T09:00:00Z',
        RequestContentSize: 5,
        downstream_Location: '/jobs/7',
        'request_Idempotency-Key': 'k-1',
        'request_Amz-Sdk-Request': 'attempt=2; max=3',
      },
      [NINE_AM, 5, 2, 'k-1', '/jobs/7'],
    ],
    ['traefik-clf', `${CLF} "-" "curl" 7 "storage@file" "http://10.0.1.7:7100" 2500ms`, [NINE_AM, ...NONE]],
    ['alb', ALB, [Date.parse('2026-11-21T07:39:17.185Z'), 34, NOT_LOGGED, NOT_LOGGED, NOT_LOGGED]],
    [
      'alb',
      ALB.slice(0, ALB.indexOf('"-" "-" 0')).replace('0.001', '0.101'),
      [Date.parse('2026-11-21T07:39:17.085Z'), 34, NOT_LOGGED, NOT_LOGGED, NOT_LOGGED],
    ],
    [
      'ltsv',
      'status:202\ttime:2026-11-21T09:00:00Z\treqtime:2.5\trequest_bytes:351\tlocation:/jobs/7\tidempotency_key:-\tattempt:2',
      [NINE_AM - 2500, 351, 2, ABSENT, '/jobs/7'],
    ],
    [
      'logfmt',
      'status=202 time=2026-11-21T09:00:00Z start_time=2026-11-21T08:59:59Z duration=2.5s request_bytes=351 idempotency_key="k 1"',
      [NINE_AM - 1000, 351, NOT_LOGGED, 'k 1', NOT_LOGGED],
    ],
    [
      'json',
      {
        'http.response.status_code': 202,
        '@timestamp': '2026-11-21T09:00:00Z',
        'http.server.request.duration': 2.5,
        'http.request.size': 351,
        'http.request.resend_count': 1,
        'http.request.header.idempotency-key': ['k-1'],
        'http.response.header.location': ['/jobs/7'],
      },
      [NINE_AM - 2500, 351, 2, 'k-1', '/jobs/7'],
    ],
    ['json', { status: 202, started_at: NINE_AM, duration: 2.5 }, [NINE_AM, ...NONE]],
  ])('by a line of %s: %j', (format, line, expected) => expect(facts(format, line)).toEqual(expected));

  it('by the names of a mapping, where a time may be that of the beginning', () => {
    const line = { status: 202, t: '2026-11-21T09:00:00Z', took: 2.5, retries: 0, try: 'x' };
    const mapped = (more: FieldMappings): unknown[] =>
      facts('json', line, { status: { path: ['status'] }, duration: { path: ['took'] }, ...more });
    const time = { path: ['t'] };
    expect(mapped({ time })[0]).toBe(NINE_AM - 2500);
    expect(mapped({ time, start_time: time })[0]).toBe(NINE_AM);
    expect(request.timeMs).toBe(NINE_AM);
    expect(mapped({ start_time: time })[0]).toBe(NINE_AM);
    expect(request.timeMs).toBe(NOT_LOGGED);
    expect(mapped({ time, start_time: { path: ['took'], unit: 'iso8601' } })[0]).toBe(NINE_AM - 2500);
    expect(mapped({ resend_count: { path: ['retries'] } })[2]).toBe(1);
    expect(mapped({ attempt: { path: ['retries'] } })[2]).toBe(NOT_LOGGED);
    expect(mapped({ attempt: { path: ['try'] }, resend_count: { path: ['retries'] } })[2]).toBe(1);
  });

  it('never before 1970', () => {
    expect(facts('nginx-json', { status: 202, msec: '1.5', request_time: 60 })[0]).toBe(0);
  });
});

describe('an attempt', () => {
  it.each([
    ['1', 1],
    ['17', 17],
    ['attempt=1', 1],
    ['attempt=2; max=3', 2],
    ['ttl=20261121T090000Z; attempt=12; max=3', 12],
    ['0', UNREADABLE],
    ['attempt=0; max=3', UNREADABLE],
    ['attempt=; max=3', UNREADABLE],
    ['attempt', UNREADABLE],
    ['max=3', UNREADABLE],
    ['-1', UNREADABLE],
    ['2.5', UNREADABLE],
    ['first', UNREADABLE],
    ['', UNREADABLE],
  ])('of "%s" is %d', (text, expected) => {
    expect(clientAttempt(Buffer.from(text), 0, text.length)).toBe(expected);
  });
});
