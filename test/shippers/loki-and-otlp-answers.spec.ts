import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compress } from 'snappyjs';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { zstdFrame } from '../harness/zstd.js';
import { exportLogs, lokiPush, readExportLogsAnswer, readStatus } from './messages.js';
import { RawCall, framed, type RawEnd } from './raw-call.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"';
const PUSH = '/loki/api/v1/push';
const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';
const TOKEN = 's3cret';
const ZSTD_WINDOW_LOG = 20;

type Headers = Record<string, string>;

const text = (stringValue: string) => ({ stringValue });
const attribute = (key: string, value: object) => ({ key, value });
const logsOf = (service: string, ...logRecords: object[]) => ({
  resource: { attributes: [attribute('service.name', text(service))] },
  scopeLogs: [{ logRecords }],
});
const logs = (service: string, ...logRecords: object[]) => ({
  resourceLogs: [logsOf(service, ...logRecords)],
});
const RECORD = { body: text(LINE) };
const stream = (job: string, ...lines: string[]) => ({
  stream: { job },
  values: lines.map((line) => ['1795246757000000000', line]),
});
const pushed = (job: string, ...lines: string[]): Buffer =>
  lokiPush({ streams: [{ labels: `{job="${job}"}`, entries: lines.map((line) => ({ line })) }] });
const tooLarge = Array<object>(1000).fill(RECORD);

describe('what senders of Loki pushes and of OTLP are told', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let expected = 0;

  beforeAll(async () => {
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, {
      sources: {
        edge: { format: 'combined' },
        any: {},
        traefik: { format: 'traefik-json' },
        guarded: { auth: { bearer: TOKEN } },
      },
      ingest: {
        listen: { port: 0 },
        names: { 'team-*': 'edge', 'nginx "a", b': 'edge' },
        receivers: { loki: { port: 0 }, otlp_http: { port: 0 }, otlp_grpc: { port: 0 } },
        max_body: '64KiB',
        max_inflated: '256KiB',
      },
    });
  });
  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  const post = (receiver: 'loki' | 'otlp_http', path: string, body: Uint8Array | string, headers: Headers) =>
    fetch(`http://127.0.0.1:${statuslens.receiver(receiver).port}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers,
    });
  const toLoki = (body: Uint8Array | string, headers: Headers = {}, path = PUSH) =>
    post('loki', path, body, headers);
  const toOtlp = (body: Uint8Array | string, headers: Headers = {}) =>
    post('otlp_http', '/v1/logs', body, headers);
  const call = (body: Uint8Array, headers: Headers = {}): Promise<RawEnd> =>
    new RawCall(statuslens.receiver('otlp_grpc').port, headers).finish(body);

  /** The lines of a source that have been counted, once all that were sent are. */
  async function counted(source: string, lines: number): Promise<number> {
    expected += lines;
    const metrics = await statuslens.counted(expected);
    return total(metrics, 'statuslens_lines_total', `source="${source}"`, 'classified');
  }

  describe('a push', () => {
    const json = { 'content-type': JSON_TYPE };
    const protobuf = { 'content-type': PROTOBUF_TYPE };
    const asJson = JSON.stringify({ streams: [stream('edge', LINE)] });
    const asProtobuf = compress(pushed('edge', LINE));
    const before = JSON.stringify({
      streams: [
        { labels: '{job="nginx \\"a\\", b"}', entries: [{ ts: '2026-11-21T07:39:17Z', line: LINE }] },
      ],
    });

    it.each<[string, Uint8Array | string, Headers, string]>([
      ['in protobuf', asProtobuf, { ...protobuf, 'content-encoding': 'snappy' }, PUSH],
      ['in protobuf that does not say that it is compressed', asProtobuf, protobuf, PUSH],
      ['without a content type', asProtobuf, {}, PUSH],
      ['in JSON', asJson, json, PUSH],
      [
        'in JSON, by a content type with a charset',
        asJson,
        { 'content-type': `${JSON_TYPE}; charset=utf-8` },
        PUSH,
      ],
      ['in JSON with gzip', gzipSync(asJson), { ...json, 'content-encoding': 'gzip' }, PUSH],
      ['in JSON with snappy', compress(Buffer.from(asJson)), { ...json, 'content-encoding': 'snappy' }, PUSH],
      ['of before Loki 1.0', before, json, '/api/prom/push'],
      ['of a tenant', asProtobuf, { ...protobuf, 'x-scope-orgid': 'team-a' }, PUSH],
    ])('%s is 204, and counted', async (_name, body, headers, path) => {
      const answer = await toLoki(body, headers, path);
      expect([answer.status, await answer.text()]).toEqual([204, '']);
      const soFar = expected;
      expect(await counted('edge', 1)).toBe(soFar + 1);
    });

    it.each<[string, Uint8Array | string, Headers, number, RegExp]>([
      ['without streams', '{"stream":{}}', json, 400, /no list "streams"/],
      ['that is no JSON', 'x', json, 400, /no JSON/],
      ['that is no snappy', 'x', protobuf, 400, /Content-Encoding/],
      ['with nothing', '', protobuf, 400, /./],
      ['with labels that are none', compress(lokiPush({ streams: [{ labels: 'x' }] })), {}, 400, /no labels/],
      [
        'in protobuf with gzip',
        gzipSync('x'),
        { ...protobuf, 'content-encoding': 'gzip' },
        415,
        /snappy alone/,
      ],
      ['of a name that nobody knows', compress(pushed('nobody', LINE)), {}, 400, /nobody/],
      [
        'that is too large',
        JSON.stringify({ streams: [stream('edge', LINE.repeat(1000))] }),
        json,
        413,
        /max_body/,
      ],
      ['that inflates to too much', compress(Buffer.alloc(300 * 1024)), protobuf, 413, /./],
      ['without credentials', compress(pushed('guarded', LINE)), {}, 401, /credentials/],
    ])('%s is refused', async (_name, body, headers, status, reason) => {
      const answer = await toLoki(body, headers);
      expect(answer.status).toBe(status);
      expect(await answer.text()).toMatch(reason);
    });

    it('is taken with credentials', async () => {
      const answer = await toLoki(compress(pushed('guarded', LINE)), { authorization: `Bearer ${TOKEN}` });
      expect(answer.status).toBe(204);
      expect(await counted('guarded', 1)).toBe(1);
    });

    it('is 204 if somebody knows one of its names, and tells of the others in the metrics', async () => {
      const streams = [stream('guarded', LINE), stream('nobody', LINE)];
      const answer = await toLoki(JSON.stringify({ streams }), { ...json, authorization: `Bearer ${TOKEN}` });
      expect(answer.status).toBe(204);
      expect(await counted('guarded', 1)).toBe(2);
      const page = await (await fetch(`${statuslens.ingest}/metrics`)).text();
      expect(page).toContain('requests_total{protocol="loki",source="unknown",code="204",refusal=""} 1');
    });

    it('may be preceded by the question whether Loki is ready', async () => {
      const answer = await fetch(`http://127.0.0.1:${statuslens.receiver('loki').port}/ready`);
      expect([answer.status, await answer.text()]).toEqual([200, 'ready\n']);
    });
  });

  describe('a request to export logs over HTTP', () => {
    const json = { 'content-type': JSON_TYPE };
    const protobuf = { 'content-type': PROTOBUF_TYPE };
    const request = logs('any', RECORD);
    const asProtobuf = exportLogs(request);

    it.each<[string, Uint8Array | string, Headers]>([
      ['in protobuf', asProtobuf, protobuf],
      ['with gzip', gzipSync(asProtobuf), { ...protobuf, 'content-encoding': 'gzip' }],
      ['with deflate', deflateSync(asProtobuf), { ...protobuf, 'content-encoding': 'deflate' }],
      ['with zstd', zstdFrame([asProtobuf], ZSTD_WINDOW_LOG), { ...protobuf, 'content-encoding': 'zstd' }],
      ['with snappy', compress(asProtobuf), { ...protobuf, 'content-encoding': 'snappy' }],
      ['in JSON', JSON.stringify(request), json],
      [
        'in JSON, a list as of Vector',
        JSON.stringify([request]),
        { 'content-type': `${JSON_TYPE}; charset=utf-8` },
      ],
    ])('%s is 200, an empty message of the same kind, and counted', async (_name, body, headers) => {
      const before = total(
        await statuslens.metrics(),
        'statuslens_lines_total',
        'source="any"',
        'classified',
      );
      const answer = await toOtlp(body, headers);
      const isJson = headers['content-type']!.includes('json');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe(isJson ? JSON_TYPE : PROTOBUF_TYPE);
      expect(await answer.text()).toBe(isJson ? '{}' : '');
      expect(await counted('any', 1)).toBe(before + 1);
    });

    it.each<[string, Uint8Array | string, Headers]>([
      ['protobuf', '', protobuf],
      ['JSON', '{}', json],
    ])('is taken with nothing in it, in %s', async (_name, body, headers) => {
      expect((await toOtlp(body, headers)).status).toBe(200);
    });

    it('says which records are not stored, and stores the others', async () => {
      const poison = { body: { arrayValue: { values: [deep(40)] } } };
      const mixed = [logsOf('edge', RECORD, poison), logsOf('nobody', RECORD, RECORD)];
      const before = total(
        await statuslens.metrics(),
        'statuslens_lines_total',
        'source="edge"',
        'classified',
      );
      const inProtobuf = await toOtlp(exportLogs({ resourceLogs: mixed }), protobuf);
      expect(inProtobuf.status).toBe(200);
      expect(readExportLogsAnswer(Buffer.from(await inProtobuf.arrayBuffer()))).toEqual({
        partialSuccess: {
          rejectedLogRecords: '3',
          errorMessage: expect.stringMatching(/deeper.*nobody/) as unknown,
        },
      });
      const inJson = await toOtlp(JSON.stringify({ resourceLogs: mixed }), json);
      expect(await inJson.json()).toEqual({
        partialSuccess: {
          rejectedLogRecords: '3',
          errorMessage: expect.stringMatching(/deeper.*nobody/) as unknown,
        },
      });
      expect(await counted('edge', 2)).toBe(before + 2);
    });

    it.each<[string, object | string, Headers, number, number]>([
      ['without resourceLogs', { logs: [] }, {}, 400, 3],
      ['that is cut', '{"resourceLogs":[', {}, 400, 3],
      ['of names that nobody knows', logs('nobody', RECORD), {}, 404, 5],
      ['that is too large', logs('any', ...tooLarge), {}, 413, 8],
      ['without credentials', logs('guarded', RECORD), {}, 401, 16],
      ['in an encoding that nobody knows', request, { 'content-encoding': 'lz4' }, 415, 12],
      ['that is not what its encoding says', request, { 'content-encoding': 'gzip' }, 400, 3],
    ])('%s is refused with a Status', async (_name, body, headers, status, code) => {
      const sent = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await toOtlp(sent, { ...json, ...headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, JSON_TYPE]);
      expect(await answer.json()).toMatchObject({ code, message: expect.stringMatching(/\w/) as unknown });
      if (status === 400) return;
      const other = await toOtlp(typeof body === 'string' ? body : exportLogs(body), {
        ...protobuf,
        ...headers,
      });
      expect([other.status, other.headers.get('content-type')]).toEqual([status, PROTOBUF_TYPE]);
      expect(readStatus(Buffer.from(await other.arrayBuffer())).code).toBe(code);
    });

    it('is not taken for traces and metrics, which nobody would keep', async () => {
      for (const path of ['/v1/traces', '/v1/metrics', '/']) {
        const answer = await post('otlp_http', path, '{}', json);
        expect([answer.status, await answer.json()]).toMatchObject([404, { code: 12 }]);
      }
    });

    it('tells of requests in attributes, by the names that OpenTelemetry and Traefik give them', async () => {
      const semantic = {
        attributes: [
          attribute('http.request.method', text('GET')),
          attribute('url.path', text('/openidm/x')),
          attribute('http.response.status_code', { intValue: 503 }),
          attribute('http.response.header.retry-after', { arrayValue: { values: [text('7')] } }),
        ],
      };
      const traefik = {
        body: text('{"DownstreamStatus":429}'),
        attributes: [
          attribute('DownstreamStatus', { intValue: 429 }),
          attribute('OriginStatus', { intValue: 429 }),
          attribute('RequestMethod', text('GET')),
          attribute('RequestPath', text('/openidm/x')),
          attribute('ServiceURL', text('http://10.0.0.7')),
        ],
      };
      const resourceLogs = [logsOf('any', semantic), logsOf('traefik', traefik)];
      expect((await toOtlp(exportLogs({ resourceLogs }), protobuf)).status).toBe(200);
      expect(await counted('traefik', 2)).toBe(1);
      const metrics = await statuslens.metrics();
      const requests = (...labels: string[]) => total(metrics, 'statuslens_requests_total', ...labels);
      expect(requests('source="traefik"', 'code="429"', 'origin="vendor"')).toBe(1);
      const waits = total(
        metrics,
        'statuslens_evidence_lines_total',
        'source="any"',
        '"retry_after"',
        '"present"',
      );
      expect(waits).toBe(1);
    });
  });

  describe('a call over gRPC', () => {
    const message = exportLogs(logs('any', RECORD));

    it.each<[string, Uint8Array, string | undefined]>([
      ['as it is', message, undefined],
      ['with gzip', gzipSync(message), 'gzip'],
      ['with deflate', deflateSync(message), 'deflate'],
      ['with zstd', zstdFrame([message], ZSTD_WINDOW_LOG), 'zstd'],
      ['with snappy', compress(message), 'snappy'],
    ])('%s is OK, and counted', async (_name, bytes, encoding) => {
      const before = total(
        await statuslens.metrics(),
        'statuslens_lines_total',
        'source="any"',
        'classified',
      );
      const headers: Headers = encoding ? { 'grpc-encoding': encoding } : {};
      expect(await call(framed(bytes, encoding !== undefined), headers)).toMatchObject({ code: 0 });
      expect(await counted('any', 1)).toBe(before + 1);
    });

    it.each<[string, Uint8Array, Headers, number]>([
      ['without a message', Buffer.alloc(0), {}, 3],
      ['with a message that is cut', framed(message).subarray(0, 20), {}, 3],
      ['with two messages', Buffer.concat([framed(message), framed(message)]), {}, 3],
      ['with a message that is none', framed(Buffer.from('hello')), {}, 3],
      ['compressed, and not saying how', framed(message, true), {}, 3],
      ['that is not what its encoding says', framed(message, true), { 'grpc-encoding': 'gzip' }, 3],
      ['in an encoding that nobody knows', framed(message, true), { 'grpc-encoding': 'br' }, 12],
      ['of names that nobody knows', framed(exportLogs(logs('nobody', RECORD))), {}, 5],
      ['without credentials', framed(exportLogs(logs('guarded', RECORD))), {}, 16],
      ['that is too large', framed(exportLogs(logs('any', ...tooLarge))), {}, 8],
    ])('%s is refused, with nothing but its end', async (_name, body, headers, code) => {
      expect(await call(body, headers)).toMatchObject({
        code,
        isTrailersOnly: true,
        message: expect.stringMatching(/\w/) as unknown,
        retryAfter: undefined,
      });
    });

    it('is taken with credentials', async () => {
      const guarded = framed(exportLogs(logs('guarded', RECORD)));
      expect(await call(guarded, { authorization: `Bearer ${TOKEN}` })).toMatchObject({ code: 0 });
      expect(await counted('guarded', 1)).toBe(3);
    });

    it('to any other service is not implemented', async () => {
      const { port } = statuslens.receiver('otlp_grpc');
      const traces = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
      const end = await new RawCall(port, {}, traces).finish(framed(Buffer.alloc(0)));
      expect(end).toMatchObject({ code: 12, isTrailersOnly: true });
    });

    it('is never UNKNOWN or INTERNAL, whatever it sends', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array(), fc.boolean(), async (bytes, isCompressed) => {
          const { code } = await call(framed(bytes, isCompressed), { 'grpc-encoding': 'snappy' });
          expect([0, 3]).toContain(code);
        }),
        { numRuns: 30 },
      );
    });
  });

  /** Last: what Redis knew is gone. */
  describe('while Redis is away', () => {
    beforeAll(async () => {
      await redis.kill();
      await until('ingest knows', async () => !(await fetch(`${statuslens.ingest}/readyz`)).ok);
    });
    afterAll(async () => {
      redis = await startRedis({ port: redis.port });
      await until('ingest is back', async () => (await fetch(`${statuslens.ingest}/readyz`)).ok);
    });

    it('is to come again, in the words of each protocol', async () => {
      const push = await toLoki(compress(pushed('edge', LINE)));
      const inJson = await toOtlp(JSON.stringify(logs('any', RECORD)), { 'content-type': JSON_TYPE });
      const inProtobuf = await toOtlp(exportLogs(logs('any', RECORD)), { 'content-type': PROTOBUF_TYPE });
      for (const answer of [push, inJson, inProtobuf])
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await inJson.json()).toMatchObject({ code: 14, details: [{ retryDelay: '2s' }] });
      expect(readStatus(Buffer.from(await inProtobuf.arrayBuffer()))).toMatchObject({
        code: 14,
        retryAfter: 2,
      });
      expect(await call(framed(exportLogs(logs('any', RECORD))))).toMatchObject({
        code: 14,
        retryAfter: 2,
        isTrailersOnly: true,
      });
    });
  });
});

function deep(levels: number): object {
  let value: object = text('x');
  for (let i = 0; i < levels; i++) value = { arrayValue: { values: [value] } };
  return value;
}
