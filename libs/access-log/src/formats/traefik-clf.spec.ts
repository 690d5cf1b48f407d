import { readFileSync } from 'node:fs';
import { OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { traefikClf } from './traefik-clf.js';

const reader = traefikClf.reader({});
const request = new Request();

/** Made after the documented format: https://doc.traefik.io/traefik/observability/access-logs/ */
const LOG = readFileSync('libs/access-log/test-data/traefik-clf.log', 'utf8').trimEnd().split('\n');
/** As in the tests of Traefik's formatter. */
const TRAEFIKS =
  'TestHost - TestUser [13/Apr/2016:07:14:19 -0700] "POST testpath?param1=test1&param2=test2 HTTP/0.0" 123 12 "testReferer" "testUserAgent" 23 "testRouter" "http://127.0.0.1/testService" 1ms';

function read(line: string): string {
  const bytes = Buffer.from(line, 'latin1');
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}
const origin = (): string => `${MADE_BY[request.origin]} ${CAUSES[request.cause]}`;

describe('traefik-clf', () => {
  it('reads the line of Traefik’s own test', () => {
    expect(read(TRAEFIKS)).toBe('read');
    expect([request.code, METHODS[request.method]]).toEqual([123, 'POST']);
    expect([request.client, request.consumer, request.path, request.userAgent].map(String)).toEqual([
      'TestHost',
      'TestUser',
      'testpath?param1=test1&param2=test2',
      'testUserAgent',
    ]);
    expect(request.timeMs).toBe(Date.parse('2016-04-13T07:14:19-07:00'));
    expect([request.bodyBytes, request.durationMicros]).toEqual([12, 1000]);
    expect([request.retryAfter, request.host.start]).toEqual([NOT_LOGGED, NOT_LOGGED]);
  });

  it('tells who made the status of every line of the log', () => {
    const origins = LOG.map((line) => {
      expect(read(line)).toBe('read');
      return `${request.code} ${origin()}`;
    });
    expect(origins).toEqual([
      '200 vendor unspecified',
      '202 vendor unspecified',
      '400 vendor unspecified',
      '503 unknown unspecified',
      '504 unknown unspecified',
      '499 gateway client_closed',
      '429 gateway throttled',
      '503 gateway gateway_error',
      '404 gateway gateway_rejected',
    ]);
  });

  it('takes the first client of those forwarded for, and no user for a dash', () => {
    read(LOG[2]!);
    expect([request.client.toString(), request.consumer.start, request.userAgent.start]).toEqual([
      '192.0.2.7',
      ABSENT,
      ABSENT,
    ]);
    read(LOG[0]!.replace('- -', '- jane doe'));
    expect(request.consumer.toString()).toBe('jane doe');
  });

  it('reads quotes that nobody escaped', () => {
    expect(read(LOG[0]!.replace('limit=10', 'q="a"').replace('python-requests', 'a "b" "c" 9 "d'))).toBe(
      'read',
    );
    expect(request.path.toString()).toMatch(/\?q="a"$/);
    expect([request.code, origin(), request.durationMicros]).toEqual([200, 'vendor unspecified', 5000]);
  });

  it('knows nothing of a client that left before any status', () => {
    expect(read(LOG[0]!.replace(' 200 12 ', ' 0 0 '))).toBe('no_status');
    expect(read(LOG[8]!.replace(' 404 19 ', ' - - '))).toBe('no_status');
  });

  it('names what it cannot read', () => {
    expect(read('garbage')).toBe('malformed_line');
    expect(read(LOG[0]!.replace(' 200 ', ' 99x '))).toBe('bad_status');
    for (const cut of ['ms', ' 5ms', ' "http', ' 200', ' HTTP/1.1'])
      expect(read(LOG[0]!.slice(0, LOG[0]!.lastIndexOf(cut)))).toBe('truncated');
  });
});
