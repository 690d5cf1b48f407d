import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LINE =
  '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /ConfigurationManager/v1/objects/ldevs HTTP/1.1" 503 12 "-" "curl"';
const OBJECT = JSON.stringify({
  time: '2026-11-21T07:39:17+00:00',
  host: 'dcs.ap-southeast-1.myhuaweicloud.com',
  request_method: 'GET',
  request_uri: '/v2/x/instances',
  status: '503',
  upstream_status: '503',
  upstream_header_time: '0.001',
  upstream_retry_after: '',
});

/** `printf '%s\n' "$LINE" | zstd -c | base64`: the zlib of Node 20 does not compress zstd. */
const ZSTD_OF_LINE =
  'KLUv/QRYVQMAMocZHFBtdWYnqZ3xIZggOEUyIhTzY7REipBAclTN6T0AbSak6DXpVz9hwbVV78I5xJ0IPpp1HgVGHHI72gmXF18iSuZ5E1oYSJSFvTMc9A1m5sBZN0LSGLfB4rWRVGwvxtPTW7FixVYHAPPqNOc=';

const SOURCES = {
  text: { format: 'combined' },
  json: { format: 'nginx-json' },
  any: {},
  alike: { format: 'combined', repeats: 'by_content' },
  guarded: { auth: { bearer: 's3cret', basic: { username: 'shipper', password: 'pass:word' } } },
};

describe('POST /ingest/{source}', () => {
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let expected = 0;

  beforeAll(async () => {
    redis = await startRedis();
    statuslens = await startStatuslens(redis.url, {
      sources: SOURCES,
      ingest: { listen: { port: 0 }, max_body: '64KiB', max_inflated: '1MiB' },
    });
  });
  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  async function counts(
    source: string,
    body: string | Buffer,
    lines: number,
    headers: Record<string, string> = {},
  ) {
    const before = await statuslens.metrics();
    const answer = await statuslens.send(source, body, headers);
    expect(answer.status).toBe(202);
    expected += lines;
    const after = await statuslens.counted(expected);
    const classified = (metrics: Map<string, number>) =>
      total(metrics, 'statuslens_lines_total', `source="${source}"`, 'classified');
    return classified(after) - classified(before);
  }

  /** Batches are taken side by side, so the next one may be counted before this one is given up. */
  const buried = (reason: string) =>
    until(`a batch is dead for ${reason}`, async () => {
      return total(await statuslens.metrics(), 'statuslens_dead_batches_total', reason) === 1;
    });

  it.each([
    ['plain lines', 'text', `${LINE}\n${LINE}\n`],
    ['lines without a last line break', 'text', `${LINE}\n${LINE}`],
    ['lines with CRLF', 'text', `${LINE}\r\n${LINE}\r\n`],
    ['NDJSON', 'json', `${OBJECT}\n${OBJECT}\n`],
    ['a JSON array', 'json', `[${OBJECT},\n ${OBJECT}]`],
    ['concatenated JSON', 'json', `${OBJECT}${OBJECT}`],
    [
      'lines in objects of a shipper',
      'text',
      `${JSON.stringify({ log: LINE })}\n${JSON.stringify({ message: LINE })}`,
    ],
    [
      'JSON in objects of a shipper',
      'json',
      `[{"message":${JSON.stringify(OBJECT)}},{"log":${JSON.stringify(OBJECT)}}]`,
    ],
    ['lines of a format that nobody named', 'any', `${LINE}\n${LINE}\n`],
    ['objects of a format that nobody named', 'any', `${OBJECT}\n${OBJECT}\n`],
  ])('takes %s', async (_, source, body) => {
    expect(await counts(source, body, 2)).toBe(2);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'nonsense'])(
    'does not care for the Content-Type: %s',
    async (type) => {
      expect(await counts('text', LINE, 1, { 'content-type': type })).toBe(1);
    },
  );

  it.each([
    ['gzip', gzipSync(`${LINE}\n`)],
    ['deflate as zlib', deflateSync(`${LINE}\n`)],
    ['deflate without its header', deflateRawSync(`${LINE}\n`)],
    ['gzip that nobody declared', gzipSync(`${LINE}\n`)],
    ['zstd', Buffer.from(ZSTD_OF_LINE, 'base64')],
  ])('takes %s', async (name, body) => {
    const encoding = name.includes('nobody') ? undefined : name.split(' ')[0]!;
    expect(
      await counts('text', body, 1, encoding === undefined ? {} : { 'content-encoding': encoding }),
    ).toBe(1);
  });

  it('takes PUT, a trailing query, and answers HEAD', async () => {
    const url = `${statuslens.ingest}/ingest/text`;
    expect((await fetch(`${url}?x=1`, { method: 'PUT', body: LINE })).status).toBe(202);
    await statuslens.counted(++expected);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${statuslens.ingest}/ingest/guarded`, { method: 'HEAD' })).status).toBe(401);
  });

  it('counts a repeated Idempotency-Key once', async () => {
    expect(await counts('text', `${LINE}\n${LINE}`, 2, { 'idempotency-key': 'k1' })).toBe(2);
    for (let i = 0; i < 3; i++) {
      const again = await statuslens.send('text', `${LINE}\n${LINE}`, { 'idempotency-key': 'k1' });
      expect(again.status).toBe(202);
      expect(await again.json()).toMatchObject({ status: 'duplicate' });
    }
    const metrics = await statuslens.metrics();
    expect(total(metrics, 'statuslens_batches_total', 'source="text"', 'duplicate')).toBe(3);
  });

  describe('of a source with repeats: by_content', () => {
    const sent = async (source: string, body: string | Buffer, headers: Record<string, string> = {}) =>
      ((await (await statuslens.send(source, body, headers)).json()) as { status: string }).status;

    it('counts the same bytes once, and any others', async () => {
      expect(await counts('alike', `${LINE} 1\n`, 1)).toBe(1);
      expect(await sent('alike', `${LINE} 1\n`)).toBe('duplicate');
      const packed = gzipSync(`${LINE} 1\n`);
      expect(await counts('alike', packed, 1, { 'content-encoding': 'gzip' })).toBe(1);
      expect(await sent('alike', packed, { 'content-encoding': 'gzip' })).toBe('duplicate');
      expect(await counts('alike', `${LINE} 2\n`, 1)).toBe(1);
      expect(await counts('text', `${LINE} 2\n`, 1)).toBe(1);
      expect(await counts('text', `${LINE} 2\n`, 1)).toBe(1);
    });

    it('goes by the key where there is one', async () => {
      expect(await counts('alike', `${LINE} 3\n`, 1, { 'idempotency-key': 'a' })).toBe(1);
      expect(await counts('alike', `${LINE} 3\n`, 1, { 'idempotency-key': 'b' })).toBe(1);
      expect(await sent('alike', `${LINE} 4\n`, { 'idempotency-key': 'b' })).toBe('duplicate');
    });
  });

  it('counts good lines beside bad ones, and the bad ones with their reason', async () => {
    expect(await counts('json', `${OBJECT}\n{"status":\n${OBJECT}\nnonsense\n${OBJECT}\n`, 5)).toBe(3);
    const metrics = await statuslens.metrics();
    expect(total(metrics, 'statuslens_rejected_lines_total', 'source="json"')).toBe(2);
  });

  it('buries a batch whose gzip is damaged, and goes on', async () => {
    const damaged = Buffer.concat([gzipSync(LINE.repeat(50)).subarray(0, 60)]);
    expect((await statuslens.send('text', damaged, { 'content-encoding': 'gzip' })).status).toBe(202);
    expect(await counts('text', LINE, 1)).toBe(1);
    await buried('unreadable_gzip');
  });

  it('buries a gzip bomb without inflating it to the end', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, 'a\n'));
    expect(bomb.length).toBeLessThan(64 * 1024);
    expect((await statuslens.send('text', bomb, { 'content-encoding': 'gzip' })).status).toBe(202);
    expect(await counts('text', LINE, 1)).toBe(1);
    await buried('inflated_too_large');
  });

  describe('refuses', () => {
    it.each([
      ['an unknown source', 'nobody', LINE, {}, 404, 'unknown_source'],
      ['an unknown source with a long name', 'n'.repeat(4000), LINE, {}, 404, 'unknown_source'],
      ['an empty body', 'text', '', {}, 422, 'empty_body'],
      ['a body over the limit', 'text', LINE.repeat(1000), {}, 413, 'too_large'],
      [
        'a deflate bomb',
        'text',
        deflateSync(Buffer.alloc(4 * 1024 * 1024)),
        { 'content-encoding': 'deflate' },
        413,
        'too_large',
      ],
      [
        'an encoding that nobody knows',
        'text',
        LINE,
        { 'content-encoding': 'br' },
        415,
        'unsupported_encoding',
      ],
      ['gzip that is none', 'text', LINE, { 'content-encoding': 'gzip' }, 422, 'damaged_encoding'],
      ['deflate that is none', 'text', LINE, { 'content-encoding': 'deflate' }, 422, 'damaged_encoding'],
      ['binary data', 'text', Buffer.alloc(2000, 1), {}, 422, 'not_a_log'],
      ['an endless key', 'text', LINE, { 'idempotency-key': 'k'.repeat(256) }, 422, 'bad_key'],
      ['no token', 'guarded', LINE, {}, 401, 'unauthorized'],
      ['a wrong token', 'guarded', LINE, { authorization: 'Bearer s3cre' }, 401, 'unauthorized'],
      [
        'a wrong password',
        'guarded',
        LINE,
        { authorization: `Basic ${btoa('shipper:pass')}` },
        401,
        'unauthorized',
      ],
    ])('%s', async (_, source, body, headers, status, error) => {
      // A stranger is not told which sources exist where one of them is guarded.
      const wanted = error === 'unknown_source' ? { status: 401, error: 'unauthorized' } : { status, error };
      const answer = await statuslens.send(source, body, headers);
      const text = await answer.text();
      expect([answer.status, JSON.parse(text)]).toMatchObject([wanted.status, { error: wanted.error }]);
      expect(Object.keys(JSON.parse(text) as object)).toEqual(['error', 'message', 'hint']);
      expect(text.length).toBeLessThan(4096);
    });

    it('an unknown source, by name, to those who have a token', async () => {
      const answer = await statuslens.send('nobody', LINE, { authorization: 'Bearer s3cret' });
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('guarded');
    });

    it('GET, and says what is allowed', async () => {
      const answer = await fetch(`${statuslens.ingest}/ingest/text`);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, PUT, HEAD']);
    });
  });

  it.each([
    ['a token', 'Bearer s3cret'],
    ['Basic credentials', `Basic ${btoa('shipper:pass:word')}`],
  ])('lets %s in', async (_, authorization) => {
    expect(await counts('guarded', LINE, 1, { authorization })).toBe(1);
  });

  it('tells on its own /metrics what senders were told', async () => {
    const page = await (await fetch(`${statuslens.ingest}/metrics`)).text();
    expect(page).toMatch(
      /statuslens_ingest_requests_total\{protocol="http",source="text",code="202",refusal=""\} \d+/,
    );
    expect(page).toMatch(
      /statuslens_ingest_requests_total\{protocol="http",source="unknown",code="401",refusal="unauthorized"\} \d+/,
    );
    expect(page).toContain('process_cpu_seconds_total');
  });
});
