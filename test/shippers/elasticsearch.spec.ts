import { deflateSync, gzipSync } from 'node:zlib';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { zstdFrame } from '../harness/zstd.js';

const TOKEN = 'a token of a source';
const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"';
const DOCUMENT = JSON.stringify({ message: LINE });
const CREATE = '{"create":{"_index":"open"}}';

/** What answers hold. */
interface Told {
  readonly errors?: boolean;
  readonly items?: readonly Record<string, { readonly status: number }>[];
  readonly error?: { readonly type: string; readonly reason: string };
}

describe('Elasticsearch _bulk', () => {
  let redis: RunningRedis;
  let running: RunningStatuslens;
  let url: string;

  beforeAll(async () => {
    redis = await startRedis();
    running = await startStatuslens(redis.url, {
      ingest: {
        listen: { port: 0 },
        receivers: { elasticsearch: { port: 0, version: '9.1.2' } },
        names: { 'logs-open-*': 'open' },
        max_body: '1MiB',
      },
      privacy: { key: 'a key with more than 32 characters in it' },
      sources: {
        open: {},
        other: {},
        strict: { privacy: 'strict' },
        guarded: { auth: { bearer: TOKEN, basic: { username: 'id', password: 'the secret of an API key' } } },
      },
    });
    url = `http://127.0.0.1:${running.receiver('elasticsearch').port}`;
  });

  afterAll(async () => {
    await running.stop();
    await redis.stop();
  });

  const AUTHORIZED: Record<string, string> = { authorization: `Bearer ${TOKEN}` };
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method, headers });

  async function bulk(body: string | Buffer, { path = '/_bulk', headers = AUTHORIZED } = {}) {
    const answer = await fetch(`${url}${path}`, { method: 'POST', body, headers });
    expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch');
    const text = await answer.text();
    return { status: answer.status, text, json: JSON.parse(text) as Told };
  }

  const outcome = async (source: string, which: string): Promise<number> =>
    total(await running.metrics(), 'statuslens_lines_total', `source="${source}"`, `outcome="${which}"`);

  describe('before anybody sends', () => {
    it.each([
      ['GET', '/', 200],
      ['HEAD', '/', 200],
      ['GET', '/_license?human=false', 200],
      ['GET', '/_xpack', 200],
      ['GET', '/_cluster/health', 200],
      ['GET', '/_cat/health', 200],
      ['GET', '/_nodes/http', 200],
      ['PUT', '/_ilm/policy/filebeat', 200],
      ['HEAD', '/_index_template/filebeat-8.19.0', 200],
      ['PUT', '/_index_template/logs', 200],
      ['PUT', '/_data_stream/filebeat-8.19.0', 200],
      ['PUT', '/%3Clogs-%7Bnow%2Fd%7D-000001%3E', 200],
      ['HEAD', '/logstash', 200],
      ['GET', '/_search', 404],
      ['DELETE', '/logs', 404],
    ])('%s %s is answered with %i, and says what it is', async (method, path, status) => {
      const answer = await ask(method, path);
      expect([answer.status, answer.headers.get('x-elastic-product')]).toEqual([status, 'Elasticsearch']);
      if (method !== 'HEAD') JSON.parse(await answer.text());
    });

    it('the version is that of the settings, the license is active and there are no other nodes', async () => {
      expect(await (await ask('GET', '/')).json()).toMatchObject({
        version: { number: '9.1.2', build_flavor: 'default' },
        tagline: 'You Know, for Search',
      });
      expect(await (await ask('GET', '/_license')).json()).toMatchObject({ license: { status: 'active' } });
      expect(await (await ask('GET', '/_nodes')).json()).toMatchObject({ nodes: {} });
    });
  });

  describe('a request', () => {
    it('gets one item per action, in order, by its name', async () => {
      const { status, text } = await bulk(
        [
          CREATE,
          DOCUMENT,
          '{"index":{"_index":"other"}}',
          DOCUMENT,
          '',
          '{"update":{"_index":"logs-open-2026.11.21","_id":"1"}}',
          `{"doc":${DOCUMENT}}`,
          '{"delete":{"_index":"open","_id":"1"}}',
        ].join('\n'),
      );
      expect(status).toBe(200);
      expect(text).toMatch(
        /^\{"took":\d+,"errors":false,"items":\[\{"create":\{"status":201\}\},\{"index":\{"status":201\}\},\{"update":\{"status":200\}\},\{"delete":\{"status":200\}\}\]\}$/,
      );
      await until('three are counted', async () => (await outcome('open', 'classified')) === 2);
      expect(await outcome('other', 'classified')).toBe(1);
    });

    it('takes the index of the path, with a type and with a slash at the end', async () => {
      const before = await outcome('open', 'classified');
      for (const path of ['/open/_bulk', '/open/_doc/_bulk?pipeline=x', '/logs-open-a/_bulk/'])
        expect((await bulk(`{"index":{}}\n${DOCUMENT}\n`, { path })).json).toMatchObject({ errors: false });
      await until('all are counted', async () => (await outcome('open', 'classified')) === before + 3);
    });

    it.each(['other', 'strict'])(
      'a document of source %s that is no JSON is rejected alone',
      async (source) => {
        const index = JSON.stringify({ index: { _index: source } });
        const documents = [DOCUMENT, '\x01\x02\x03', 'rubbish', '{"message":"cut', `{"status":}`, DOCUMENT];
        const [good, bad] = [await outcome(source, 'classified'), await outcome(source, 'rejected')];
        const { json } = await bulk(documents.map((document) => `${index}\n${document}\n`).join(''));
        expect(json).toMatchObject({ errors: false });
        await until('all are seen', async () => (await outcome(source, 'rejected')) === bad + 4);
        await until(
          'the good ones are counted',
          async () => (await outcome(source, 'classified')) === good + 2,
        );
      },
    );

    it('names that nobody knows are told item by item; the others are stored', async () => {
      const before = await outcome('open', 'classified');
      const some = await bulk(`{"create":{"_index":"nobody"}}\n${DOCUMENT}\n${CREATE}\n${DOCUMENT}\n`);
      expect(some.status).toBe(200);
      expect(some.text).toMatch(
        '"errors":true,"items":[{"create":{"status":404,"error":{"type":"index_not_found',
      );
      expect(some.json.items![1]).toEqual({ create: { status: 201 } });
      await until('one is counted', async () => (await outcome('open', 'classified')) === before + 1);
      const none = await bulk(`{"create":{"_index":"nobody"}}\n${DOCUMENT}\n`);
      expect([none.status, none.json.items![0]!.create!.status]).toEqual([200, 404]);
    });

    it('counts once if it comes again and every document has an id', async () => {
      const before = await outcome('open', 'classified');
      const withId = (id: number) => `{"create":{"_index":"open","_id":"${id}"}}\n${DOCUMENT}\n`;
      for (let i = 0; i < 3; i++) expect((await bulk(withId(1) + withId(2))).json.errors).toBe(false);
      await bulk(withId(3));
      await until('all are counted', async () => (await outcome('open', 'classified')) >= before + 3);
      expect(await outcome('open', 'classified')).toBe(before + 3);
    });

    it.each([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['zstd', (body: string) => zstdFrame([Buffer.from(body)], 17)],
    ])('may be in %s', async (encoding, compress) => {
      const before = await outcome('open', 'classified');
      const body = compress(`${CREATE}\n${DOCUMENT}\n`);
      const headers = { ...AUTHORIZED, 'content-encoding': encoding, 'content-type': 'application/json' };
      expect((await bulk(body, { headers })).json.errors).toBe(false);
      await until('it is counted', async () => (await outcome('open', 'classified')) === before + 1);
    });

    it.each([
      ['no JSON\n{}\n', {}, 400, 'illegal_argument_exception', 'line [1]'],
      ['{"index":{}}\n', {}, 400, 'illegal_argument_exception', 'its document is missing'],
      ['', {}, 400, 'parse_exception', ''],
      ['no gzip', { 'content-encoding': 'gzip' }, 400, 'parse_exception', ''],
      ['x', { 'content-encoding': 'br' }, 415, 'unsupported_encoding_exception', 'snappy'],
    ])('%j is refused as Elasticsearch would', async (body, headers, status, type, reason) => {
      const answer = await bulk(body, { headers: { ...AUTHORIZED, ...headers } });
      expect(answer.status).toBe(status);
      expect(answer.json).toMatchObject({ status, error: { type, root_cause: [{ type }] } });
      expect(answer.json.error!.reason).toMatch(reason);
    });

    it('is bounded in its bytes and in the number of its actions', async () => {
      expect((await bulk('x'.repeat(2 ** 21))).json).toMatchObject({ status: 413 });
      const body = gzipSync('{"delete":{"_id":"1"}}\n'.repeat(250_001));
      const answer = await bulk(body, { headers: { ...AUTHORIZED, 'content-encoding': 'gzip' } });
      expect(answer.status).toBe(413);
    });
  });

  it('credentials: a token, a name and a password, or an API key, for the sources that demand them', async () => {
    const guarded = `{"create":{"_index":"guarded"}}\n${DOCUMENT}\n`;
    const key = Buffer.from('id:the secret of an API key').toString('base64');
    for (const authorization of [`Bearer ${TOKEN}`, `Basic ${key}`, `ApiKey ${key}`])
      expect((await bulk(guarded, { headers: { authorization } })).json).toMatchObject({ errors: false });
    for (const headers of [{}, { authorization: 'ApiKey bm86bm8=' }] as Record<string, string>[]) {
      const { status, json } = await bulk(guarded, { headers });
      expect([status, json.error!.type]).toEqual([401, 'security_exception']);
    }
  });

  it('tells of what senders were told', async () => {
    const page = await (await fetch(`${running.ingest}/metrics`)).text();
    expect(page).toMatch(
      /statuslens_ingest_requests_total\{protocol="elasticsearch",source="open",code="200",refusal=""\} \d+/,
    );
    expect(page).toMatch('protocol="elasticsearch",source="unknown",code="400",refusal="malformed"');
  });
});
