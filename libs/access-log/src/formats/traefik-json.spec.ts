import { readFileSync } from 'node:fs';
import { OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { traefikJson } from './traefik-json.js';

const reader = traefikJson.reader({});
const request = new Request();

/** Made after the documented fields: https://doc.traefik.io/traefik/observability/access-logs/ */
const LOG = readFileSync('libs/access-log/test-data/traefik-json.log', 'utf8').trimEnd().split('\n');
const FIRST = JSON.parse(LOG[0]!) as Record<string, unknown>;
const NOBODY = { OriginStatus: 0, OriginContentSize: 0, ServiceURL: undefined, ServiceAddr: undefined };
const NO_HEADERS = { origin_Date: undefined, 'origin_Content-Type': undefined };

function readText(text: string): string {
  const bytes = Buffer.from(text);
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}

/** Reads the first line of the log with other values; undefined takes a key away. */
const read = (changes: object): string => readText(JSON.stringify({ ...FIRST, ...changes }));
const origin = (): string => `${MADE_BY[request.origin]} ${CAUSES[request.cause]}`;

describe('traefik-json', () => {
  it('reads every line of the log', () => {
    const origins = LOG.map((line) => {
      expect(readText(line)).toBe('read');
      return `${request.code} ${origin()}`;
    });
    expect(origins).toEqual([
      '200 vendor unspecified',
      '503 vendor unspecified',
      '503 vendor unspecified',
      '429 gateway throttled',
      '404 gateway gateway_rejected',
      '503 gateway gateway_error',
      '502 unknown unspecified',
      '504 unknown unspecified',
      '502 vendor unspecified',
      '499 gateway client_closed',
    ]);
  });

  it('takes every field', () => {
    readText(LOG[0]!);
    expect(request.timeMs).toBe(Date.parse('2026-11-21T07:39:17.550Z'));
    expect([METHODS[request.method], request.path.toString()]).toEqual([
      'GET',
      '/ConfigurationManager/v1/objects/storages/886000123456/ldevs?limit=10&x=1',
    ]);
    expect([request.host, request.client, request.userAgent, request.contentType].map(String)).toEqual([
      'cm.storage.example.net:23451',
      '10.0.0.9',
      'python-requests/2.31.0',
      'application/json',
    ]);
    expect([request.durationMicros, request.bodyBytes, request.consumer.start]).toEqual([5216, 12, ABSENT]);
    expect(request.attemptCount).toBe(0);
  });

  it('counts no attempts whose statuses are not in the log', () => {
    read({ RetryAttempts: 2 });
    expect(request.attemptCount).toBe(0);
  });

  it.each([
    [200, {}, 'vendor unspecified'],
    [502, NO_HEADERS, 'vendor unspecified'],
    [502, { ...NO_HEADERS, OriginContentSize: 11 }, 'unknown unspecified'],
    [502, { ...NO_HEADERS, OriginContentSize: undefined }, 'unknown unspecified'],
    [502, { 'origin_Content-Type': undefined, OriginContentSize: 11 }, 'vendor unspecified'],
    [502, { origin_Date: undefined, OriginContentSize: 11 }, 'vendor unspecified'],
    [500, { ...NO_HEADERS, OriginContentSize: 21 }, 'unknown unspecified'],
    [504, { ...NO_HEADERS, OriginContentSize: 15 }, 'unknown unspecified'],
    [503, { ...NO_HEADERS, OriginContentSize: 19 }, 'vendor unspecified'],
    [499, { ...NO_HEADERS, OriginContentSize: 0 }, 'gateway client_closed'],
    [499, {}, 'vendor unspecified'],
    [503, NOBODY, 'gateway gateway_error'],
    [302, NOBODY, 'gateway unspecified'],
    [404, { ServiceURL: undefined, ServiceAddr: undefined }, 'unknown unspecified'],
    [200, { OriginStatus: 0 }, 'unknown unspecified'],
    [503, { OriginStatus: 200 }, 'unknown unspecified'],
    [404, { ...NOBODY, OriginStatus: undefined }, 'unknown unspecified'],
  ])('tells who made %i with %j', (status, changes, expected) => {
    expect(read({ DownstreamStatus: status, OriginStatus: status, ...changes })).toBe('read');
    expect(origin()).toBe(expected);
  });

  it('takes the Retry-After of whoever made the status', () => {
    const both = { 'origin_Retry-After': '30', 'downstream_Retry-After': '60' };
    read(both);
    expect(request.retryAfter).toBe(30);
    read({ ...both, ...NOBODY, DownstreamStatus: 429 });
    expect(request.retryAfter).toBe(60);
    read({ 'downstream_Retry-After': '60' });
    expect(request.retryAfter).toBe(ABSENT);
    read({ 'downstream_Retry-After': '60', origin_Date: undefined });
    expect(request.retryAfter).toBe(NOT_LOGGED);
    read({ 'origin_Retry-After': 'REDACTED' });
    expect(request.retryAfter).toBe(NOT_LOGGED);
    read({ 'origin_Retry-After': 'Sat, 21 Nov 2026 07:40:17 GMT' });
    expect(request.retryAfter).toBe(60);
  });

  it('tells a header that was not sent from headers that are not logged', () => {
    read({ 'origin_Content-Type': undefined, 'downstream_Content-Type': undefined });
    expect([request.partialSuccess, request.contentType.start]).toEqual([ABSENT, ABSENT]);
    read({ ...NO_HEADERS, 'downstream_Content-Type': undefined });
    expect([request.partialSuccess, request.contentType.start]).toEqual([NOT_LOGGED, NOT_LOGGED]);
    read({ 'origin_X-Partial-Success': '2' });
    expect(request.partialSuccess).toBe(2);
  });

  it('takes the first client of a list, the host without a port if there is no other, the time of the entry', () => {
    read({
      ClientHost: '192.0.2.7, 10.0.0.1',
      RequestAddr: undefined,
      StartUTC: undefined,
      ClientUsername: 'jane',
    });
    expect([request.client, request.host, request.consumer].map(String)).toEqual([
      '192.0.2.7',
      'cm.storage.example.net',
      'jane',
    ]);
    expect(request.timeMs).toBe(Date.parse('2026-11-21T07:39:17Z'));
  });

  it('names what it cannot read', () => {
    expect(read({ DownstreamStatus: undefined })).toBe('missing_status');
    expect(read({ DownstreamStatus: 0 })).toBe('no_status');
    expect(readText(LOG[0]!.slice(0, 200))).toBe('truncated');
    expect(readText('garbage')).toBe('malformed_json');
  });
});
