import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const lineOf = (i: number): string =>
  `127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/${i} HTTP/1.1" 503 12 "-" "curl"`;
const REQUESTS = 1000;

describe('a thousand requests of one line', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;

  beforeEach(async () => {
    redis = await startRedis({ appendonly: true });
    statuslens = await startStatuslens(redis.url, {
      sources: { text: { format: 'combined' }, strict: { format: 'combined', privacy: 'strict' } },
      privacy: { key: 'k'.repeat(32) },
    });
  });
  afterEach(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  const sendAll = (source: string, headers?: (i: number) => Record<string, string>): Promise<Response[]> =>
    Promise.all(Array.from({ length: REQUESTS }, (_, i) => statuslens.send(source, lineOf(i), headers?.(i))));
  const batches = (metrics: Map<string, number>, source: string): number =>
    total(metrics, 'statuslens_batches_total', `source="${source}"`, 'committed');

  it.each(['text', 'strict'])('are few batches, and every line counts once (%s)', async (source) => {
    const answers = await sendAll(source);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(REQUESTS);
    const metrics = await statuslens.counted(REQUESTS);
    expect(total(metrics, 'statuslens_requests_total', `source="${source}"`)).toBe(REQUESTS);
    expect(batches(metrics, source)).toBeLessThan(REQUESTS / 4);
  });

  it('are a batch each where each has a key', async () => {
    const keyed = (i: number) => ({ 'idempotency-key': String(i) });
    await sendAll('text', keyed);
    await sendAll('text', keyed);
    const metrics = await until('all are counted', async () => {
      const seen = await statuslens.metrics();
      return batches(seen, 'text') === REQUESTS ? seen : undefined;
    });
    expect(total(metrics, 'statuslens_requests_total')).toBe(REQUESTS);
  });

  it('are all refused when Redis goes away, and what was answered counts', async () => {
    const sending = sendAll('text');
    await redis.kill();
    const answers = await sending;
    const stored = answers.filter(({ status }) => status === 202).length;
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(REQUESTS - stored);
    redis = await startRedis({ appendonly: true, port: redis.port, dir: redis.dir });
    const metrics = await statuslens.counted(stored);
    expect(total(metrics, 'statuslens_requests_total')).toBeGreaterThanOrEqual(stored);
  });
});
