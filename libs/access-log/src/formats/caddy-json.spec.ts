import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { OUTCOMES } from '../format.js';
import { ABSENT, MADE_BY, METHODS, NOT_LOGGED, Request } from '../request.js';
import { caddyJson } from './caddy-json.js';

const reader = caddyJson.reader({});
const request = new Request();
const LOG = readFileSync('libs/access-log/test-data/caddy-json.log', 'latin1').trimEnd().split('\n');

interface CaddyLine {
  ts: number;
  status: number;
  duration: number;
  size: number;
  request: { method: string; host: string; uri: string; headers: Record<string, string[]> };
  resp_headers: Record<string, string[]>;
}

function readBytes(bytes: Uint8Array): string {
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}
const read = (fields: unknown): string => readBytes(Buffer.from(JSON.stringify(fields)));

describe('caddy-json', () => {
  it('reads every line of a real log', () => {
    expect(LOG).toHaveLength(147);
    for (const text of LOG) {
      expect(readBytes(Buffer.from(text, 'latin1'))).toBe('read');
      const wanted = JSON.parse(text) as CaddyLine;
      expect(request.code).toBe(wanted.status);
      expect(request.timeMs).toBe(Math.round(wanted.ts * 1000));
      expect(request.durationMicros).toBe(Math.round(wanted.duration * 1e6));
      expect(request.bodyBytes).toBe(wanted.size);
      expect(METHODS[request.method]).toBe(wanted.request.method);
      expect(request.host.toString()).toBe(wanted.request.host);
      expect(request.path.toString()).toBe(wanted.request.uri);
      const { headers } = wanted.request;
      expect(request.userAgent.toString()).toBe(headers['User-Agent']?.[0] ?? '');
      expect(request.ifNoneMatch.toString()).toBe(headers['If-None-Match']?.[0] ?? '');
      expect(request.ifMatch.present).toBe('If-Match' in headers);
      expect(request.contentType.toString()).toBe(wanted.resp_headers['Content-Type']?.[0] ?? '');
      expect(request.retryAfter).toBe(Number(wanted.resp_headers['Retry-After']?.[0] ?? ABSENT));
      expect(MADE_BY[request.origin]).toBe('unknown');
    }
  });

  it('tells a header that was not sent from headers that are not logged', () => {
    read({ status: 200, request: { headers: {} }, resp_headers: {} });
    expect([request.retryAfter, request.partialSuccess, request.contentType.start]).toEqual([-1, -1, -1]);
    expect([request.ifMatch.start, request.userAgent.start]).toEqual([ABSENT, ABSENT]);
    read({ status: 200, request: { method: 'GET' } });
    expect([request.retryAfter, request.partialSuccess, request.contentType.start]).toEqual([-2, -2, -2]);
    expect([request.ifMatch.start, request.userAgent.start]).toEqual([NOT_LOGGED, NOT_LOGGED]);
  });

  it('takes the client that a proxy before Caddy forwards for', () => {
    read({ status: 200, request: { remote_ip: '10.0.0.1', client_ip: '192.0.2.7' } });
    expect(request.client.toString()).toBe('192.0.2.7');
    read({ status: 200, request: { remote_ip: '10.0.0.1' } });
    expect(request.client.toString()).toBe('10.0.0.1');
  });

  it('reads dates of Retry-After, and times in another unit or as text', () => {
    const header = { 'Retry-After': ['Sat, 21 Nov 2026 07:40:25 GMT'] };
    for (const ts of [1795246765, 1795246765000, '2026-11-21T07:39:25Z']) {
      read({ status: 503, ts, resp_headers: header });
      expect([request.timeMs, request.retryAfter]).toEqual([1795246765000, 60]);
    }
  });

  it('names what it cannot read', () => {
    expect(read({})).toBe('missing_status');
    expect(read({ status: 0 })).toBe('no_status');
    expect(readBytes(Buffer.from('{"status":20'))).toBe('truncated');
    expect(readBytes(Buffer.from('garbage'))).toBe('malformed_json');
  });

  it('has an outcome for any bytes, and for real lines cut anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(...LOG), fc.nat(), (noise, text, to) => {
        const cut = Buffer.from(text.slice(0, to % (text.length + 1)), 'latin1');
        for (const bytes of [noise, cut, Buffer.concat([cut, noise])]) expect(readBytes(bytes)).toBeDefined();
      }),
    );
  });
});
