import { readFileSync } from 'node:fs';
import { detectFormat } from './detect-format.js';
import { EventReader } from './event-reader.js';
import { type Format, READ } from './format.js';
import { FORMATS, FORMAT_NAMES } from './formats/index.js';

const DATA = 'libs/access-log/test-data';
/** After the documented example of Envoy. */
const ENVOY =
  '[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0" "locations" "tcp://10.0.2.1:80"\n';
const ENVOY_JSON =
  '{"start_time":"2016-04-15T20:17:00.310Z","method":"POST","path":"/api/v1/locations","response_code":"204","response_flags":"-"}\n';
const KONG = '{"started_at":1,"request":{"method":"GET","uri":"/"},"response":{"status":503}}\n';
const OWN_JSON =
  '{"@timestamp":"2026-11-21T07:39:17Z","http":{"request":{"method":"GET"},"response":{"status_code":503}},"url":{"original":"/"}}\n';
const OPENTELEMETRY =
  '{"time":"2026-11-21T07:39:17.123Z","http.request.method":"GET","url.path":"/","http.response.status_code":503,"message":"served"}\n';
const OPENTELEMETRY_BEFORE = '{"http.method":"GET","http.url":"http://a.example/x","http.status_code":503}\n';
const LTSV = 'time:[21/Nov/2026:07:39:17 +0000]\thost:10.0.0.1\treq:GET / HTTP/1.1\tstatus:503\n';
const LOGFMT = 'at=info method=GET path="/" host=a.example dyno=web.1 service=18ms status=503 bytes=13\n';

/** The lines of a log that was made after a vendor's documents. */
const made = (file: string): string => readFileSync(`${DATA}/${file}.log`, 'utf8');

function canRead(format: Format, log: Uint8Array): boolean {
  let read = 0;
  const reader = new EventReader(format, {}, (outcome, { method, path }) => {
    if (outcome === READ && method >= 0 && path.present) read++;
  });
  reader.push(log);
  reader.end();
  return read > 0;
}

describe('detectFormat', () => {
  it.each([
    ['nginx-json.log', 'nginx-json'],
    ['nginx-combined.log', 'combined'],
    ['apache-combined.log', 'combined'],
    ['apache-combined-ra.log', 'combined'],
    ['haproxy-httplog.log', 'haproxy'],
    ['caddy-json.log', 'caddy-json'],
  ])('finds the format of the real log %s', (file, format) => {
    const log = readFileSync(`${DATA}/${file}`);
    expect(detectFormat(log)?.format).toBe(format);
    const able = FORMAT_NAMES.filter((name) => name !== 'json' && canRead(FORMATS[name], log));
    expect(able).toEqual([format]);
  });

  it.each([
    ['envoy', ENVOY],
    ['envoy', ENVOY.repeat(3)],
    ['envoy-json', ENVOY_JSON],
    ['envoy-json', `[${ENVOY_JSON}]`],
    [
      'haproxy',
      JSON.stringify({ message: readFileSync(`${DATA}/haproxy-httplog.log`, 'utf8').split('\n')[0] }),
    ],
    ['traefik-json', made('traefik-json')],
    ['traefik-clf', made('traefik-clf')],
    ['kong-json', made('kong-json')],
    ['kong-json', KONG],
    ['alb', made('alb')],
    ['ltsv', LTSV],
    ['logfmt', LOGFMT],
    ['json', OWN_JSON],
    ['json', OPENTELEMETRY],
    ['json', OPENTELEMETRY_BEFORE],
  ])('finds %s', (format, body) => expect(detectFormat(Buffer.from(body))?.format).toBe(format));

  it('finds none in text that is no access log', () => {
    expect(detectFormat(Buffer.from('[yes] "no" 200\nf [1] 200\n'))).toBeUndefined();
  });
});
