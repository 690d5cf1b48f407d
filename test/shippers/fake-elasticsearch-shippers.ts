import { deflateSync, gzipSync } from 'node:zlib';
import { compress } from 'snappyjs';
import {
  againAll,
  deliveredAll,
  droppedAll,
  type Answer,
  type FakeShipper,
  type Request,
  type Verdict,
} from './fake-shipper.js';

const FLUENT_BIT_BUFFER = 512_000;

interface Item {
  readonly status: number;
}
type Rule = (status: number) => keyof Verdict;

const isProduct = ({ status, headers }: Answer): boolean =>
  status === 200 && headers.get('x-elastic-product') === 'Elasticsearch';
const majorVersion = ({ text }: Answer): number =>
  parseInt((JSON.parse(text) as { version: { number: string } }).version.number, 10);
const isLicensed = (answer: Answer): boolean =>
  isProduct(answer) &&
  (JSON.parse(answer.text) as { license: { status: string } }).license.status === 'active';
const isFine = ({ status }: Answer): boolean => status === 200;
const isRetried = (status: number): boolean => status === 429 || status >= 500;

function itemsOf({ text }: Answer): Item[] | undefined {
  const { items } = JSON.parse(text) as { items?: Record<string, Item>[] };
  return items?.map((item) => Object.values(item)[0]!);
}

function byItem(items: readonly Item[], lines: readonly string[], rule: Rule): Verdict {
  const verdict = { delivered: [] as string[], again: [] as string[], dropped: [] as string[] };
  lines.forEach((line, i) => verdict[rule(items[i]!.status)].push(line));
  return verdict;
}

function bulk(
  path: string,
  index: string,
  headers: Request['headers'],
  encode: (body: string) => Buffer,
  document: (line: string) => object,
) {
  const action = JSON.stringify({ create: { _index: index } });
  return (lines: readonly string[]): Request => ({
    path,
    headers,
    body: encode(lines.map((line) => `${action}\n${JSON.stringify(document(line))}\n`).join('')),
  });
}

/** output.elasticsearch of Filebeat 8: acknowledges everything if an answer has no items, and says so nowhere. */
const filebeat: FakeShipper = {
  name: 'Filebeat, output.elasticsearch',
  asks: [
    ['GET', '/', (answer) => isProduct(answer) && majorVersion(answer) >= 8],
    ['GET', '/_license?human=false', isLicensed],
    ['HEAD', '/_index_template/filebeat-8.19.0', isFine],
    ['PUT', '/_ilm/policy/filebeat', isFine],
    ['PUT', '/_data_stream/filebeat-8.19.0', isFine],
  ],
  request: bulk(
    '/_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status',
    'filebeat-8.19.0',
    {
      'user-agent': 'Elastic-filebeat/8.19.0',
      'content-type': 'application/json; charset=UTF-8',
      'content-encoding': 'gzip',
    },
    (body) => gzipSync(body, { level: 1 }),
    (message) => ({
      '@timestamp': '2026-11-21T07:39:17.000Z',
      log: { offset: 7, file: { path: '/a' } },
      message,
      agent: { type: 'filebeat' },
    }),
  ),
  judge(answer, lines) {
    if (answer.status >= 300) return againAll(lines);
    const items = itemsOf(answer);
    if (items === undefined) throw new Error('Filebeat would forget what it sent');
    return byItem(items, lines, (status) =>
      status < 300 || status === 409 ? 'delivered' : isRetried(status) ? 'again' : 'dropped',
    );
  },
};

/** The elasticsearch output of Logstash 8: sends nothing unless it is sure of the product and its license. */
const logstash: FakeShipper = {
  name: 'Logstash, elasticsearch output',
  asks: [
    ['HEAD', '/', isFine],
    ['GET', '/', isProduct],
    ['GET', '/_license', isLicensed],
    ['HEAD', '/_index_template/logstash', isFine],
  ],
  request: bulk(
    '/_bulk?filter_path=errors,items.*.error,items.*.status',
    'logstash-2026.11.21',
    {
      'user-agent': 'logstash/8.19.0',
      'content-type': 'application/vnd.elasticsearch+x-ndjson; compatible-with=8',
      'content-encoding': 'gzip',
    },
    (body) => gzipSync(body),
    (message) => ({ '@version': '1', event: { original: message }, message }),
  ),
  judge(answer, lines) {
    if (answer.status !== 200) return againAll(lines);
    const items = itemsOf(answer)!;
    if (items.length !== lines.length) throw new Error('Logstash sent other actions than it is told of');
    return byItem(items, lines, (status) =>
      status < 300 ? 'delivered' : [400, 404, 409].includes(status) ? 'dropped' : 'again',
    );
  },
};

/** The elasticsearch sink of Vector: looks for a word in the answer, and gives all up if it is there. */
const vector: FakeShipper = {
  name: 'Vector, elasticsearch sink',
  asks: [
    ['GET', '/_cluster/health', isFine],
    ['GET', '/', (answer) => majorVersion(answer) >= 8],
  ],
  request: bulk(
    '/_bulk?timeout=60s',
    'vector-2026.11.21',
    { 'user-agent': 'Vector/0.50.0', 'content-type': 'application/x-ndjson', 'content-encoding': 'snappy' },
    (body) => Buffer.from(compress(Buffer.from(body))),
    (message) => ({ message, source_type: 'file', timestamp: '2026-11-21T07:39:17Z' }),
  ),
  judge({ status, text }, lines) {
    if (isRetried(status)) return againAll(lines);
    if (status >= 400 || text.includes('"errors":true')) return droppedAll(lines);
    return deliveredAll(lines);
  },
};

/** The es output of Fluent Bit without a limit of tries: reads so much of an answer and no more. */
const fluentBit: FakeShipper = {
  name: 'Fluent Bit, es output',
  asks: [],
  request: bulk(
    '/_bulk',
    'fluent-bit',
    { 'user-agent': 'Fluent-Bit', 'content-type': 'application/x-ndjson', 'content-encoding': 'deflate' },
    (body) => deflateSync(body),
    (log) => ({ '@timestamp': '2026-11-21T07:39:17.000Z', log }),
  ),
  judge({ status, text }, lines) {
    const isRead = text.length < FLUENT_BIT_BUFFER && text.includes('"errors":false,"items":[');
    return [200, 201].includes(status) && isRead ? deliveredAll(lines) : againAll(lines);
  },
};

/** By the source that counts their lines. */
export const FAKE_ELASTICSEARCH_SHIPPERS = { filebeat, logstash, vector, fluentbit: fluentBit };
