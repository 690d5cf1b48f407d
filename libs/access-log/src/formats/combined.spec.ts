import { readFileSync } from 'node:fs';
import { ABSENT, METHODS, NOT_LOGGED, OTHER_METHOD, Request } from '../request.js';
import { OUTCOMES } from '../format.js';
import { combined } from './combined.js';

const reader = combined.reader({});
const request = new Request();
const HEAD = '10.0.0.1 - - [21/Nov/2026:07:39:17 +0000] ';

function read(line: string): string {
  const bytes = Buffer.from(line, 'latin1');
  return OUTCOMES[reader.read(bytes, 0, bytes.length, request)]!;
}

describe('combined', () => {
  it.each(['nginx-combined', 'apache-combined', 'apache-combined-ra'])(
    'reads every line of %s.log',
    (name) => {
      const lines = readFileSync(`libs/access-log/test-data/${name}.log`, 'latin1').trimEnd().split('\n');
      expect(lines).toHaveLength(147);
      for (const line of lines) {
        expect(read(line)).toBe('read');
        const [, method, path, status] = /"([A-Z]+) (.*) HTTP\/1.1" (\d+)/.exec(line)!;
        expect(METHODS[request.method]).toBe(method);
        expect(request.path.toString()).toBe(path!.replaceAll('\\x22', '"').replaceAll('\\"', '"'));
        expect(request.code).toBe(Number(status));
        expect(request.bodyBytes).toBe(NOT_LOGGED);
        expect(Math.abs(request.timeMs - Date.parse('2026-11-21T07:39:20Z'))).toBeLessThan(60_000);
        if (name !== 'apache-combined-ra') continue;
        const [, micros, retryAfter, host] = / (\d+) (\d+|-) (\S+)$/.exec(line)!;
        expect(request.durationMicros).toBe(Number(micros));
        expect(request.retryAfter).toBe(retryAfter === '-' ? ABSENT : Number(retryAfter));
        expect(request.host.toString()).toBe(host);
      }
    },
  );

  it('reads a common line, IPv6 and a user', () => {
    expect(read('2001:db8::1 - jane doe [21/Nov/2026:07:39:17 +0000] "GET /a b HTTP/1.1" 200 5')).toBe(
      'read',
    );
    expect(request.client.toString()).toBe('2001:db8::1');
    expect(request.consumer.toString()).toBe('jane doe');
    expect(request.path.toString()).toBe('/a b');
    expect(request.retryAfter).toBe(NOT_LOGGED);
  });

  it('reads vhost_combined', () => {
    expect(read(`shop.example.com:80 ${HEAD}"GET / HTTP/1.1" 503 547 "-" "curl"`)).toBe('read');
    expect(request.host.toString()).toBe('shop.example.com:80');
    expect(request.client.toString()).toBe('10.0.0.1');
  });

  it('decodes the escapes of nginx and Apache', () => {
    read(`${HEAD}"GET /\\x22q\\x22 HTTP/1.1" 503 5 "-" "curl \\"q\\""`);
    expect(request.path.toString()).toBe('/"q"');
    expect(request.userAgent.toString()).toBe('curl "q"');
  });

  it.each(['\\x16\\x03\\x01\\x00', '', '-', 'garbage'])('counts the status of the request "%s"', (line) => {
    expect(read(`${HEAD}"${line}" 400 5 "-" "-"`)).toBe('read');
    expect([request.code, request.method, request.path.start]).toEqual([400, ABSENT, ABSENT]);
  });

  it('knows methods by name, and that there are others', () => {
    read(`${HEAD}"PROPFIND / HTTP/1.1" 207 5 "-" "-"`);
    expect(request.method).toBe(OTHER_METHOD);
  });

  it('reads durations in seconds, dates of Retry-After in quotes and bare', () => {
    for (const date of ['Sat, 21 Nov 2026 07:40:17 GMT', '"Sat, 21 Nov 2026 07:40:17 GMT"']) {
      expect(read(`${HEAD}"GET / HTTP/1.1" 503 5 "-" "-" 0.019 ${date} a.example`)).toBe('read');
      expect([request.durationMicros, request.retryAfter, request.host.toString()]).toEqual([
        19000,
        60,
        'a.example',
      ]);
    }
  });

  it('leaves unknown extras alone', () => {
    expect(read(`${HEAD}"GET / HTTP/1.1" 503 5 "-" "-" "10.0.0.2"`)).toBe('read');
    expect(request.durationMicros).toBe(NOT_LOGGED);
    expect(read(`${HEAD}"GET / HTTP/1.1" 503 5 "-" "-" 23 "router" "http://10.0.1.7" 1ms`)).toBe('read');
    expect([request.durationMicros, request.retryAfter, request.host.start]).toEqual([-2, -2, -2]);
  });

  it('names what it cannot read', () => {
    expect(read('garbage')).toBe('malformed_line');
    expect(read(`${HEAD}"GET / HTTP/1.1`)).toBe('truncated');
    expect(read(`${HEAD}"GET / HTTP/1.1" 50`)).toBe('truncated');
    expect(read(`${HEAD}"GET / HTTP/1.1" abc 5`)).toBe('bad_status');
    for (const status of ['000', '0', '-', '-1'])
      expect(read(`${HEAD}"GET / HTTP/1.1" ${status} 5`)).toBe('no_status');
  });
});
