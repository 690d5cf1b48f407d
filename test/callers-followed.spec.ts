import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { endOfSlice, sliceOf } from '#conduct';
import { Ledger } from '#ledger';
import { Keys, connectPatiently } from '#redis';
import { startIngest } from '../apps/ingest/src/start.js';
import { startWorker } from '../apps/worker/src/start.js';
import { startScript } from './harness/child.js';
import { CLAIM_BOUNDS } from './harness/claim-bounds.js';
import { statuslens } from './harness/command-line.js';
import { gatewayLine, type LoggedRequest } from './harness/gateway-line.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { settingsFor, writeSettings } from './harness/settings.js';
import { startStatuslens, total, type RunningStatuslens } from './harness/statuslens.js';
import { startTcpProxy } from './harness/tcp-proxy.js';
import { until } from './harness/until.js';

const SOURCES = { default: { format: 'nginx-json' }, crowded: { format: 'nginx-json' } };
const PATIENTLY = { timeoutMs: 30_000 };
const MINUTE_MS = 60_000;
const RETRIES = 'statuslens_retries_total';
/** So many failures take more than a mebibyte. */
const CROWD = 40_000;
const SKIPPED = 'statuslens_conduct_skipped_requests_total';

/** A batch that ingest does not join with others. */
const bodyOf = (requests: readonly LoggedRequest[]): Buffer => gzipSync(requests.map(gatewayLine).join(''));

describe('callers are followed', () => {
  let redis: RunningRedis;

  beforeEach(async () => (redis = await startRedis({ appendonly: true })));
  afterEach(() => redis.stop());

  describe('from lines over HTTP', () => {
    let running: RunningStatuslens;

    beforeEach(async () => {
      running = await startStatuslens(redis.url, {
        sources: SOURCES,
        late_after: '5m',
        conduct: { max_bytes: '1MiB' },
      });
    });
    afterEach(() => running.stop());

    const send = async (source: string, requests: readonly LoggedRequest[], headers = {}): Promise<void> => {
      const sent = await running.send(source, bodyOf(requests), { 'content-encoding': 'gzip', ...headers });
      expect(sent.status).toBe(202);
    };

    it('to metrics, once, however often a batch is sent', async () => {
      const at = Date.now() - 10 * MINUTE_MS;
      const write = { method: 'POST', path: '/v2/p1/instances?token=s3cret', code: 504 };
      const key = { 'idempotency-key': 'a' };
      const batch = [
        { at, code: 503 },
        { at: at + 2000, code: 200 },
        { at, ...write, id: 'first' },
        { at: at + 3000, ...write, id: 'again' },
      ];
      await send('default', batch, key);
      await send('default', batch, key);
      const seen = await until('they are judged', async () => {
        const metrics = await running.metrics();
        return total(metrics, RETRIES) > 0 ? metrics : undefined;
      });
      expect(total(seen, RETRIES, 'source="default"', 'previous_code="503"')).toBe(1);
      expect(total(seen, 'statuslens_conduct_requests_total')).toBe(4);
      expect(total(seen, 'statuslens_repeated_unknown_writes_total', 'code="504"')).toBe(1);
      expect(total(seen, 'statuslens_conduct_settled_timestamp_seconds')).toBeGreaterThan(at / 1000);
      expect(total(seen, SKIPPED)).toBe(0);

      const config = writeSettings(redis.url, { sources: SOURCES });
      const cli = (...args: string[]) => statuslens(['suspects', ...args, '--config', config]);
      const { stdout } = await cli();
      const [then, later] = [at, at + 3000].map((ms) => new Date(ms).toISOString().replace(/\.\d+/, ''));
      expect(stdout.replace(/caller [0-9a-f]{12}/, 'caller <hash>').split('\n')).toEqual([
        'default: 1 write of unknown outcome sent again',
        `  ${later}  POST /v2/p1/instances?token=***`,
        '    otc-dcs, by caller <hash>',
        `    first 504 at ${then}, request first`,
        `    again 504 at ${later}, request again`,
        '',
      ]);
      expect(JSON.parse((await cli('--json')).stdout)).toMatchObject({
        source: 'default',
        first: { at: then, code: 504, requestId: 'first' },
      });
      expect((await cli('--source', 'crowded')).stdout).toBe('no write of unknown outcome was sent again\n');
      expect((await cli('--drop')).stdout).toBe('dropped 1 write; their counts stay\n');
      expect((await cli()).stdout).toBe('default: 1 write of unknown outcome sent again\n');
    });

    it('as far as memory and late_after allow, and what is left out is counted', async () => {
      const at = endOfSlice(sliceOf(Date.now() - MINUTE_MS)) - 1;
      const crowd = Array.from({ length: CROWD }, (_, i) => ({
        at,
        code: 503,
        path: `/v2/p1/instances/i${i}`,
      }));
      await send('crowded', crowd);
      await until(
        'they are evicted',
        async () => total(await running.metrics(), SKIPPED, 'evicted') === CROWD,
      );
      await send('crowded', [{ at, code: 200 }]);
      await until('it is late', async () => total(await running.metrics(), SKIPPED, 'late') === 1);
      expect(total(await running.metrics(), 'statuslens_conduct_requests_total')).toBe(0);
    });
  });

  describe('by several workers', () => {
    const running: NestFastifyApplication[] = [];
    let ingest: string;
    let client: ReturnType<typeof connectPatiently>;

    const startedWorker = async (patience: object): Promise<NestFastifyApplication> => {
      const settings = settingsFor(redis.url, { sources: SOURCES, ...patience });
      const worker = await startWorker(settings, { processMetrics: false });
      running.push(worker);
      return worker;
    };
    const send = async (requests: readonly LoggedRequest[]): Promise<void> => {
      const headers = { 'content-encoding': 'gzip' };
      const sent = await fetch(`${ingest}/ingest/default`, {
        method: 'POST',
        body: bodyOf(requests),
        headers,
      });
      expect(sent.status).toBe(202);
    };
    const counted = async (prefix: string): Promise<number> => {
      const counters = await new Ledger(client, new Keys(), CLAIM_BOUNDS).read();
      return [...counters].reduce((sum, [field, value]) => (field.startsWith(prefix) ? sum + value : sum), 0);
    };
    /** With it, the slice ends its waiting so many milliseconds from now. */
    const lateAfter = (slice: number, inMs: number) => ({
      late_after: `${Date.now() + inMs - endOfSlice(slice)}ms`,
    });

    beforeEach(async () => {
      client = connectPatiently({ url: redis.url });
      const app = await startIngest(settingsFor(redis.url, { sources: SOURCES }), { processMetrics: false });
      running.push(app);
      ingest = await app.getUrl();
      await until('ingest is ready', async () => (await fetch(`${ingest}/readyz`)).ok);
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((app) => app.close()));
      client.disconnect();
    });

    it('alike, whichever of failure and retry comes first, and in whosever batch', async () => {
      const slice = sliceOf(Date.now() - MINUTE_MS);
      const at = endOfSlice(slice - 1) + 1000;
      const path = (i: number) => `/v2/p1/instances/i${i}`;
      const failures = [0, 1, 2, 3].map((i) => ({ at: at + i, code: 503, path: path(i) }));
      const retries = [0, 1, 2, 3].map((i) => ({ at: at + 3000 + i, code: 200, path: path(i) }));
      for (const i of [0, 1]) await send([failures[i]!]);
      for (const one of retries) await send([one]);
      for (const i of [2, 3]) await send([failures[i]!]);
      const patience = lateAfter(slice, 2000);
      await Promise.all([startedWorker(patience), startedWorker(patience)]);
      await until('they are judged', async () => (await counted('conductRequests')) > 0, PATIENTLY);
      expect([
        await counted('conductRequests'),
        await counted('retries|'),
        await counted('conductSkipped'),
      ]).toEqual([8, 4, 0]);
    });

    it('also if one is killed between judging and the commit; the next goes on where it was', async () => {
      const slice = sliceOf(Date.now() - MINUTE_MS);
      const [before, then] = [endOfSlice(slice - 1) - 1000, endOfSlice(slice - 1) + 1000];
      await send([{ at: before, code: 503 }]);
      await send([{ at: then, code: 200 }]);
      const patience = lateAfter(slice, 6000);
      const proxy = await startTcpProxy(redis.port);
      proxy.holdBefore('conductSettled|default');
      const config = writeSettings(`redis://127.0.0.1:${proxy.port}`, { sources: SOURCES, ...patience });
      const first = startScript('dist/apps/worker/src/main.js', [], { env: { STATUSLENS_CONFIG: config } });
      await proxy.held;
      await first.kill('SIGKILL');
      await proxy.close();
      expect(await counted('conductRequests')).toBe(0);
      await client.unlink(new Keys().conductLease('default')); // else it ends by itself, in seconds
      await startedWorker(patience);
      await until('the failure is judged', async () => (await counted('conductRequests')) > 0, PATIENTLY);
      await running.pop()!.close();
      await startedWorker(patience);
      await until('the retry is judged', async () => (await counted('conductRequests')) === 2, PATIENTLY);
      expect([await counted('retries|'), await counted('conductSkipped')]).toEqual([1, 0]);
    }, 60_000);
  });
});
