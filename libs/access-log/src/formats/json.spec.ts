import { readFileSync } from 'node:fs';
import { type FieldMappings, OUTCOMES } from '../format.js';
import { ABSENT, CAUSES, MADE_BY, NOT_LOGGED, Request } from '../request.js';
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
