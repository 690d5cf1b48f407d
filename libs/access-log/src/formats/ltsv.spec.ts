import { type FieldMappings, OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { ltsv } from './ltsv.js';

const request = new Request();

/** As the log_format in docs/gateways/ltsv.md writes it. */
const NGINX = [
  'time:21/Nov/2026:07:39:17 +0000',
  'host:10.0.0.9',
  'vhost:cm.storage.example.net:23451',
  'req:GET /a?q=\\x22b\\x22 HTTP/1.1',
  'status:503',
  'size:12',
  'ua:curl \\x22q\\x22',
  'reqtime:0.019',
  'retry_after:30',
  'content_type:application/json',
  'user:-',
];
/** After the example of http://ltsv.org for Apache. */
const APACHE = [
  'host:127.0.0.1',
  'ident:-',
  'user:frank',
  'time:[10/Oct/2000:13:55:36 -0700]',
  'req:GET /apache_pb.gif HTTP/1.0',
  'status:200',
  'size:2326',
  'referer:http://www.example.com/start.html',
  'ua:Mozilla/4.08 [en] (Win98; I ;Nav)',
  'reqtime_microsec:1500',
];

function read(labels: readonly string[], fields: FieldMappings = {}): string {
  const bytes = Buffer.from(labels.join('\t'), 'latin1');
  return OUTCOMES[ltsv.reader(fields).read(bytes, 0, bytes.length, request)]!;
}

describe('ltsv', () => {
  it('reads a line of nginx, with its escapes', () => {
    expect(read(NGINX)).toBe('read');
    expect(request.timeMs).toBe(Date.parse('2026-11-21T07:39:17Z'));
    expect([request.code, METHODS[request.method], request.path.toString()]).toEqual([
      503,
      'GET',
      '/a?q="b"',
    ]);
    const { host, client, userAgent, contentType } = request;
    expect([host, client, userAgent, contentType].map(String)).toEqual([
      'cm.storage.example.net:23451',
      '10.0.0.9',
      'curl "q"',
      'application/json',
    ]);
    expect([request.durationMicros, request.retryAfter, request.consumer.start]).toEqual([
      19_000,
      30,
      ABSENT,
    ]);
    expect(MADE_BY[request.origin]).toBe('unknown');
  });

  it('reads a line of Apache: a time in brackets, a duration in microseconds', () => {
    expect(read(APACHE)).toBe('read');
    expect(request.timeMs).toBe(Date.parse('2000-10-10T13:55:36-07:00'));
    expect([request.durationMicros, request.path.toString(), request.consumer.toString()]).toEqual([
      1500,
      '/apache_pb.gif',
      'frank',
    ]);
    expect([request.host.start, request.retryAfter]).toEqual([NOT_LOGGED, NOT_LOGGED]);
  });

  it('prefers method and path of their own to the request line', () => {
    read(['status:200', 'req:GET /x HTTP/1.1', 'method:PUT', 'uri:/y']);
    expect([METHODS[request.method], request.path.toString()]).toEqual(['PUT', '/y']);
  });

  it.each(['-', '', '\\x16\\x03\\x01', 'garbage'])('counts the status of the request "%s"', (line) => {
    expect(read([`req:${line}`, 'status:400'])).toBe('read');
    expect([request.code, request.method, request.path.start]).toEqual([400, ABSENT, ABSENT]);
  });

  it('takes the first of a label that comes twice, in any order of labels', () => {
    expect(read([...NGINX].reverse().concat('status:200', 'host:10.9.9.9'))).toBe('read');
    expect([request.code, request.client.toString()]).toEqual([503, '10.0.0.9']);
  });

  it('reads colons in values, and skips what is empty', () => {
    expect(read(['', 'path:a:b', '', 'status:200', ''])).toBe('read');
    expect(request.path.toString()).toBe('a:b');
  });

  it('reads by the labels of a mapping, dots included, and by no others', () => {
    const fields: FieldMappings = {
      status: { path: ['http', 'status'] },
      duration: { path: ['took'], unit: 'ms' },
      upstream_status: { path: ['upstream'] },
      complete: { path: ['conn'] },
    };
    expect(read(['http.status:503', 'took:1.5', 'upstream:502, 503', 'conn:+', 'path:/x'], fields)).toBe(
      'read',
    );
    expect([request.code, request.durationMicros, request.complete]).toEqual([503, 1500, 1]);
    expect(`${MADE_BY[request.origin]} ${request.earlierAttempts[0]}`).toBe('vendor 502');
    expect(request.path.start).toBe(NOT_LOGGED);
    read(['http.status:503', 'upstream:-'], fields);
    expect(`${MADE_BY[request.origin]} ${CAUSES[request.cause]}`).toBe('gateway gateway_error');
  });

  it('names what it cannot read', () => {
    expect(read(['garbage'])).toBe('malformed_line');
    expect(read(['garbage', 'status:200'])).toBe('malformed_line');
    expect(read(['status:200', 'ho'])).toBe('truncated');
    expect(read(['path:/'])).toBe('missing_status');
    expect(read(['status:'])).toBe('missing_status');
    expect(read(['status:-'])).toBe('no_status');
    expect(read(['status:2x'])).toBe('bad_status');
  });
});
