import { rpcStatus } from '#protocols';
import { exportLogs } from './messages.js';
import { HTTP_FAKES, grpcVerdict, type HttpAnswer } from './strict-fakes.js';

const answer = (status: number, body = '', contentType = 'application/x-protobuf'): HttpAnswer => ({
  status,
  contentType,
  body: Buffer.from(body),
});

/** What each does with 200, 204, 400, 401, 404, 413, 429, 500, 503: s(tored), a(gain) or d(ropped). */
describe('what is known of shippers that cannot be run here', () => {
  it.each([
    ['collector-http', 'ssddddada'],
    ['collector-http-json', 'ssddddada'],
    ['vector-otlp', 'ssddddaaa'],
    ['fluent-bit-opentelemetry', 'ssddddada'],
    ['alloy', 'ssddddaaa'],
    ['vector-loki', 'ssddddaaa'],
    ['fluent-bit-loki', 'ssdaaaaaa'],
  ] as const)('%s', (name, verdicts) => {
    const statuses = [200, 204, 400, 401, 404, 413, 429, 500, 503];
    expect(statuses.map((status) => HTTP_FAKES[name].verdict(answer(status))[0]).join('')).toBe(verdicts);
  });

  it('takes a success that cannot be read for a loss, as the Collector does', () => {
    const { verdict } = HTTP_FAKES['collector-http'];
    expect(verdict(answer(200, '{}'))).toBe('dropped');
    expect(verdict(answer(200, '{}', 'text/plain'))).toBe('stored');
    expect(verdict(answer(200, exportLogs({}).toString('latin1')))).toBe('stored');
    expect(HTTP_FAKES['collector-http-json'].verdict(answer(200, '', 'application/json'))).toBe('dropped');
  });

  it('sends again over gRPC what the Collector does', () => {
    const status = (retryAfter?: number): Uint8Array =>
      rpcStatus.protobuf({ code: 'RESOURCE_EXHAUSTED', message: '', retryAfter });
    expect([0, 3, 8, 13, 14, 16].map((code) => grpcVerdict(code, undefined)[0]).join('')).toBe('sdddad');
    expect([grpcVerdict(8, status()), grpcVerdict(8, status(1))]).toEqual(['dropped', 'again']);
  });
});
