import { readFileSync } from 'node:fs';
import { CAUSES, MADE_BY, METHODS, NOT_LOGGED, ABSENT, Request } from '../request.js';
import { NO_STATUS, OUTCOMES } from '../format.js';
import { LOG_FORMAT, nginxJson } from './nginx-json.js';

const reader = nginxJson.reader({});
const request = new Request();

function read(fields: Record<string, unknown>): string {
  const bytes = Buffer.from(JSON.stringify(fields));
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}

function madeBy(fields: Record<string, unknown>): string {
  expect(read(fields)).toBe('read');
  return `${MADE_BY[request.origin]} ${CAUSES[request.cause]}`;
}

const answered = {
  status: '200',
  upstream_addr: 'a:1',
  upstream_status: '200',
  upstream_header_time: '0.01',
};
const unasked = { upstream_addr: '', upstream_status: '', upstream_header_time: '' };

describe('nginx-json', () => {
  it('reads every line of a real log', () => {
    const seen: Record<string, number> = {};
    for (const line of readFileSync('libs/access-log/test-data/nginx-json.log', 'latin1')
      .trimEnd()
      .split('\n')) {
      const bytes = Buffer.from(line, 'latin1');
      expect(reader.read(bytes, 0, bytes.length, request)).toBe(0);
      const wanted = JSON.parse(line) as Record<string, string>;
      expect(request.path.toString()).toBe(wanted.request_uri);
      expect(request.host.toString()).toBe(wanted.host);
      expect(request.userAgent.toString()).toBe(wanted.http_user_agent);
      expect(METHODS[request.method]).toBe(wanted.request_method);
      expect(request.timeMs).toBe(Math.round(Number(wanted.msec) * 1000));
      expect(request.durationMicros).toBe(Math.round(Number(wanted.request_time) * 1e6));
      expect(request.complete).toBe(1);
      const asked = /\/s\/(\d+)/.exec(wanted.request_uri!)?.[1];
      const special = /masked|delay|dead/.test(wanted.request_uri!);
      if (!special) expect(request.code).toBe(Number(asked));
      const what = `${special ? `special ${request.code}` : 'plain'} ${MADE_BY[request.origin]} ${CAUSES[request.cause]} ${request.attemptCount}`;
      seen[what] = (seen[what] ?? 0) + 1;
    }
    expect(seen).toEqual({
      'plain vendor unspecified 0': 136,
      'plain vendor unspecified 1': 5,
      'special 200 vendor unspecified 0': 2,
      'special 200 vendor unspecified 1': 2,
      'special 504 gateway upstream_timeout 1': 1,
      'special 502 gateway upstream_unreachable 0': 1,
    });
  });

  it('has its log_format on one line of the page that users paste it from', () => {
    expect(readFileSync('docs/gateways/nginx.md', 'utf8').split('\n')).toContain(LOG_FORMAT);
  });

  it('has a log_format that names every key it reads by default', () => {
    for (const key of ['msec', 'upstream_header_time', 'limit_req_status', 'partial_success']) {
      expect(LOG_FORMAT).toContain(`"${key}":`);
    }
  });

  it.each([
    ['an answer of the upstream', answered, 'vendor unspecified'],
    [
      'a silent upstream after 504',
      { ...answered, status: 504, upstream_status: '504', upstream_header_time: '-' },
      'gateway upstream_timeout',
    ],
    [
      'a refusing upstream',
      { ...answered, status: '502', upstream_status: '502', upstream_header_time: '-' },
      'gateway upstream_unreachable',
    ],
    [
      'a 502 that the vendor sent',
      { ...answered, status: '502', upstream_status: '502' },
      'vendor unspecified',
    ],
    ['an error_page in place of the answer', { ...answered, upstream_status: '503' }, 'gateway unspecified'],
    ['a limit', { ...unasked, status: 503, limit_req_status: 'REJECTED' }, 'gateway throttled'],
    [
      'a limit on trial',
      { ...unasked, status: 503, limit_req_status: 'REJECTED_DRY_RUN' },
      'gateway gateway_error',
    ],
    ['a 429 without a limit', { ...unasked, status: 429 }, 'gateway throttled'],
    ['a body too large', { ...unasked, status: 413 }, 'gateway gateway_rejected'],
    ['a redirect of its own', { ...unasked, status: 301 }, 'gateway unspecified'],
    [
      'a client that left',
      { ...answered, status: 499, upstream_status: '-', upstream_header_time: '-' },
      'gateway client_closed',
    ],
    [
      'a 499 that the vendor sent',
      { ...answered, status: 499, upstream_status: '499' },
      'vendor unspecified',
    ],
    ['a log without upstream fields', { status: 503 }, 'unknown unspecified'],
    ['a 504 without header times', { status: 504, upstream_status: '504' }, 'unknown unspecified'],
    ['a 503 without header times', { status: 503, upstream_status: '503' }, 'vendor unspecified'],
  ])('tells who made the status of %s', (_what, fields, expected) => expect(madeBy(fields)).toBe(expected));

  it('keeps the attempts that the client did not see', () => {
    read({ ...answered, upstream_status: '502, - : 503, 200', upstream_header_time: '-, - : 0.1, 0.1' });
    expect([...request.earlierAttempts.subarray(0, request.attemptCount)]).toEqual([502, 503]);
    read({ ...answered, upstream_status: '500, 503' });
    expect([...request.earlierAttempts.subarray(0, request.attemptCount)]).toEqual([500, 503]);
  });

  it('takes Retry-After from the one who made the status', () => {
    read({ ...answered, retry_after: '60', upstream_retry_after: '' });
    expect(request.retryAfter).toBe(ABSENT);
    read({ ...answered, retry_after: '60', upstream_retry_after: '7' });
    expect(request.retryAfter).toBe(7);
    read({ ...unasked, status: 429, retry_after: '60', upstream_retry_after: '' });
    expect(request.retryAfter).toBe(60);
    read(answered);
    expect(request.retryAfter).toBe(NOT_LOGGED);
  });

  it('tells an empty value from a missing key', () => {
    read({ status: '200', if_match: '', host: '-', partial_success: 'true' });
    expect(request.ifMatch.start).toBe(ABSENT);
    expect(request.host.start).toBe(ABSENT);
    expect(request.ifNoneMatch.start).toBe(NOT_LOGGED);
    expect(request.partialSuccess).toBe(1);
    expect(request.complete).toBe(NOT_LOGGED);
  });

  it('names what it cannot read', () => {
    expect(read({})).toBe('missing_status');
    expect(read({ status: 'abc' })).toBe('bad_status');
    expect(read({ status: 999 })).toBe('bad_status');
    for (const status of ['000', 0, '-', -1]) expect(read({ status })).toBe(OUTCOMES[NO_STATUS]);
  });
});
