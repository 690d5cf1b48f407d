import { readFileSync } from 'node:fs';
import { OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { kongJson } from './kong-json.js';

const reader = kongJson.reader({});
const request = new Request();

/** Made after the documented example: https://developer.konghq.com/plugins/http-log/ */
const LOG = readFileSync('libs/access-log/test-data/kong-json.log', 'utf8').trimEnd().split('\n');

function readText(text: string): string {
  const bytes = Buffer.from(text);
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}
const read = (object: object): string => readText(JSON.stringify(object));

function judged(): string {
  const attempts = [...request.earlierAttempts.subarray(0, request.attemptCount)];
  return `${request.code} ${MADE_BY[request.origin]} ${CAUSES[request.cause]} [${attempts.join()}]`;
}

/** A line with the fields that tell who made a status. */
function answer(status: number, upstream: unknown, source?: string, proxy?: number): object {
  return { response: { status }, upstream_status: upstream, source, latencies: { proxy } };
}

describe('kong-json', () => {
  it('tells who made the status of every line of the log', () => {
    const all = LOG.map((line) => {
      expect(readText(line)).toBe('read');
      return judged();
    });
    expect(all).toEqual([
      '200 vendor unspecified []',
      '503 vendor unspecified []',
      '200 vendor unspecified [502]',
      '502 vendor unspecified []',
      '502 gateway upstream_unreachable [502]',
      '504 gateway upstream_timeout []',
      '429 gateway throttled []',
      '401 gateway gateway_rejected []',
      '499 gateway client_closed []',
    ]);
  });

  it('takes every field', () => {
    readText(LOG[0]!);
    expect([request.timeMs, request.durationMicros]).toEqual([1795246757538, 173_000]);
    expect([METHODS[request.method], request.path.toString()]).toEqual([
      'GET',
      '/v2/0a1b/instances?limit=10',
    ]);
    const { host, client, consumer, userAgent, contentType, requestId } = request;
    expect([host, client, consumer, userAgent, contentType, requestId].map(String)).toEqual([
      'dcs.ap-southeast-1.myhuaweicloud.com',
      '192.168.65.1',
      'billing',
      'python-requests/2.31.0',
      'application/json',
      '2f6946328ffc4946b8c9120704a4a155',
    ]);
    expect([request.bodyBytes, request.retryAfter, request.ifMatch.start]).toEqual([
      NOT_LOGGED,
      ABSENT,
      ABSENT,
    ]);
    readText(LOG[1]!);
    expect(request.retryAfter).toBe(30);
  });

  it.each([
    [answer(503, '503', 'upstream', 5), '503 vendor unspecified []'],
    [answer(503, '503'), '503 vendor unspecified []'],
    [answer(502, '502', undefined, 5), '502 unknown unspecified []'],
    [answer(504, '504, 504', undefined, 5), '504 unknown unspecified [504]'],
    [answer(500, '200', 'upstream', 5), '500 gateway unspecified [200]'],
    [answer(500, '200', 'kong', 5), '500 gateway gateway_error [200]'],
    [answer(503, '', 'kong', 5), '503 gateway gateway_error []'],
    [answer(404, null, 'kong', -1), '404 gateway gateway_rejected []'],
    [answer(301, '', undefined, -1), '301 gateway unspecified []'],
    [answer(499, '499', 'upstream', -1), '499 gateway client_closed []'],
    [answer(499, '499', 'upstream', 5), '499 vendor unspecified []'],
    [answer(504, '502 : 504', 'kong', 5), '504 gateway upstream_timeout [502]'],
    [answer(503, undefined, undefined, 5), '503 unknown unspecified []'],
    [answer(503, undefined, 'upstream', 5), '503 vendor unspecified []'],
    [answer(200, 200, 'upstream', 5), '200 vendor unspecified []'],
  ])('tells who made the status of %j', (object, expected) => {
    expect(read(object)).toBe('read');
    expect(judged()).toBe(expected);
  });

  it('tells a header that was not sent from headers that are not logged', () => {
    read({ response: { status: 200, headers: {} }, request: { headers: {} } });
    expect([request.retryAfter, request.partialSuccess, request.contentType.start]).toEqual([-1, -1, -1]);
    expect([request.host.start, request.ifNoneMatch.start]).toEqual([ABSENT, ABSENT]);
    read({ response: { status: 200 }, request: {} });
    expect([request.retryAfter, request.partialSuccess, request.contentType.start]).toEqual([-2, -2, -2]);
    expect([request.host.start, request.ifNoneMatch.start]).toEqual([NOT_LOGGED, NOT_LOGGED]);
  });

  it('reads partial success, and a consumer by its credential if it has no name', () => {
    const headers = { 'x-partial-success': '2' };
    read({ response: { status: 503, headers }, authenticated_entity: { id: 'key-1' } });
    expect([request.partialSuccess, request.consumer.toString()]).toEqual([2, 'key-1']);
    read({ response: { status: 503 }, authenticated_entity: null });
    expect(request.consumer.start).toBe(NOT_LOGGED);
  });

  it('reads what the plugin of docs/gateways/evidence.md found in the body', () => {
    const answered = { status: 500, headers: {} };
    read({ response: answered, partial_success: '2', error_code: 'DCS.4096' });
    expect([request.partialSuccess, request.errorCode.toString()]).toEqual([2, 'DCS.4096']);
    read({ response: answered, partial_success: '', error_code: '' });
    expect([request.partialSuccess, request.errorCode.start]).toEqual([ABSENT, ABSENT]);
  });

  it('names what it cannot read', () => {
    expect(read({ session: { status: 200 } })).toBe('missing_status'); // a TCP stream
    expect(read({ response: { status: 0 } })).toBe('no_status');
    expect(readText(LOG[0]!.slice(0, 300))).toBe('truncated');
    expect(readText('garbage')).toBe('malformed_json');
  });
});
