import { readFileSync } from 'node:fs';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';

const LOG = readFileSync('libs/access-log/test-data/nginx-json.log', 'utf8');
const LINES = LOG.trim().split('\n').length;
const OPENMETRICS = { accept: 'application/openmetrics-text; version=1.0.0, text/plain;q=0.5' };

describe('/metrics', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let first: string;
  const page = async (headers: Record<string, string> = {}): Promise<string> =>
    (await fetch(`${statuslens.exporter}/metrics`, { headers })).text();

  beforeAll(async () => {
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, {
      sources: { gateway: { format: 'nginx-json', labels: { team: 'storage' } } },
    });
    first = await page();
    await statuslens.send('gateway', LOG);
    await statuslens.counted(LINES);
  });
  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  it('has every judgement that the catalogue can give at 0 before the first line', () => {
    for (const labels of [
      'vendor="huawei-cloud",code="503",verdict="client_fault",reason="invalid_request",responsible="client",action="change_request",origin="vendor"',
      'vendor="huawei-cloud",code="503",verdict="retryable_busy",reason="busy",responsible="service",action="wait_retry_after",origin="vendor"',
      'vendor="hitachi-hsae",code="504",verdict="partial_success",reason="partial_success",responsible="device",action="unspecified",origin="vendor"',
      'vendor="hitachi-opscenter-cm",code="504",verdict="gateway_timeout",reason="upstream_timeout",responsible="service",action="unspecified",origin="gateway"',
      'vendor="otc-dcs",code="503",verdict="retryable_busy",reason="throttled",responsible="client",action="retry_later",origin="gateway"',
    ])
      expect(first).toContain(`statuslens_requests_total{source="gateway",${labels}} 0\n`);
    expect(first).toContain(
      'statuslens_undocumented_total{source="gateway",vendor="forgerock-crest",origin="vendor"} 0\n',
    );
    for (const sample of [
      'statuslens_dead_batches_total{source="gateway",reason="unreadable_gzip"}',
      'statuslens_dead_batches_dropped_total{source="gateway",reason="age"}',
      'statuslens_batches_total{source="gateway",outcome="replayed"}',
      'statuslens_batches_bytes_total{source="gateway",outcome="replayed"}',
      'statuslens_dead_batches_kept',
      'statuslens_dead_batches_kept_bytes',
      'statuslens_oldest_dead_batch_age_seconds',
    ])
      expect(first).toContain(`\n${sample} 0\n`);
  });

  it('has no sample of the newest event before there was one', async () => {
    expect(first).not.toContain('statuslens_last_event_timestamp_seconds{');
    expect(await page()).toContain(
      'statuslens_last_event_timestamp_seconds{source="gateway"} 1795246760.513\n',
    );
  });

  it('keeps both laws', async () => {
    const value = async (sample: string): Promise<number> => (await statuslens.metrics()).get(sample) ?? 0;
    const lines = (outcome: string) => value(`statuslens_lines_total{source="gateway",outcome="${outcome}"}`);
    expect((await lines('classified')) + (await lines('rejected')) + (await lines('ignored'))).toBe(LINES);
    const batches = (outcome: string) =>
      value(`statuslens_batches_total{source="gateway",outcome="${outcome}"}`);
    const ended = (await batches('committed')) + (await batches('duplicate')) + (await batches('dead'));
    expect((await batches('accepted')) + (await batches('replayed'))).toBe(ended);
    expect(await value('statuslens_queue_bytes')).toBe(0);
  });

  it('shows histograms whose buckets are cumulative and end with their count', async () => {
    const text = await page();
    const series = 'source="gateway",vendor="hitachi-hsae",verdict="ok",operation="read"';
    const buckets = [
      ...text.matchAll(/^statuslens_request_duration_seconds_bucket\{(.*),le="(.*)"\} (\d+)$/gm),
    ]
      .filter(([, labels]) => labels === series)
      .map(([, , , count]) => Number(count));
    expect(buckets).toHaveLength(16);
    expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
    expect(text).toContain(`statuslens_request_duration_seconds_count{${series}} ${buckets.at(-1)}\n`);
  });

  it('tells which documents, sources and version it judges by', async () => {
    const text = await page();
    expect(text).toContain('statuslens_source_info{team="storage",source="gateway"} 1\n');
    expect(text).toMatch(
      /statuslens_catalogue_info\{vendor="hitachi-hsae",document="[^"]+",revision="88-06-0x"\} 1\n/,
    );
    expect(text).toContain('\nstatuslens_session_limit{vendor="hitachi-opscenter-cm"} 64\n');
    expect(text).toMatch(/statuslens_build_info\{version="\d+\.\d+\.\d+"\} 1\n/);
  });

  it('is the same in OpenMetrics, for those who accept it', async () => {
    const answer = await fetch(`${statuslens.exporter}/metrics`, { headers: OPENMETRICS });
    expect(answer.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    const text = await answer.text();
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(text).toContain('# TYPE statuslens_requests counter\n');
    const counters = (one: string) =>
      one.split('\n').filter((line) => line.startsWith('statuslens_requests_total{'));
    expect(counters(text)).toEqual(counters(await page()));
  });

  it('explains a status to whoever follows a link', async () => {
    const explain = (path: string) => fetch(`${statuslens.exporter}/explain/${path}`);
    expect(await (await explain('huawei-cloud/503')).json()).toMatchObject({
      verdict: 'client_fault',
      responsible: 'client',
      name: 'ServiceUnavailable',
    });
    expect(await (await explain('huawei-cloud/503?retry_after=3')).json()).toMatchObject({
      action: 'wait_retry_after',
    });
    expect((await explain('nobody/503')).status).toBe(404);
    expect((await explain('huawei-cloud/99')).status).toBe(400);
  });
});
