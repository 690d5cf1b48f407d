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

/** What is particular about a shipper that posts lines to a path. */
interface HttpQuirks {
  readonly name: string;
  readonly contentType?: string;
  /** How it writes lines. */
  readonly body: (lines: readonly string[]) => string;
  readonly encoding?: readonly [name: string, encode: (body: Buffer) => Uint8Array];
  readonly asks?: FakeShipper['asks'];
  readonly isStored: (status: number) => boolean;
  /** What it sends again; whatever else it is told makes it forget. */
  readonly isRetried: (status: number) => boolean;
  /** Of an answer that it reads. */
  readonly longestAnswer?: number;
}

const between = (from: number, to: number) => (status: number) => status >= from && status <= to;
const success = between(200, 299);
const retriedByMost = (status: number): boolean => status === 429 || status >= 500;

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const wrapped = (key: string) => (line: string) => ({ [key]: line, host: 'web1', tag: 'nginx' });
const objects = (key: string) => (all: readonly string[]) =>
  lines(all.map((line) => JSON.stringify(wrapped(key)(line))));
const list = (key: string) => (all: readonly string[]) => JSON.stringify(all.map(wrapped(key)));

const gzip = ['gzip', gzipSync] as const;

/** `HEAD` of its own address before it starts. */
const vectorAsks = (source: string): FakeShipper['asks'] => [
  ['HEAD', `/ingest/${source}`, ({ status }: Answer) => status === 200],
];
const vector = (source: string, quirks: Partial<HttpQuirks>): HttpQuirks => ({
  name: 'Vector, http sink',
  body: lines,
  asks: vectorAsks(source),
  isStored: success,
  isRetried: (status) => retriedByMost(status) && status !== 501,
  ...quirks,
});

/** Reads 4 KiB of an answer, and takes a longer one for a failure. */
const fluentBit = (quirks: Partial<HttpQuirks>): HttpQuirks => ({
  name: 'Fluent Bit, http output',
  body: lines,
  isStored: between(200, 205),
  isRetried: retriedByMost,
  longestAnswer: 4096,
  ...quirks,
});

const records = (values: readonly unknown[]): string =>
  JSON.stringify({ records: values.map((value) => ({ value })) });

/** By the source that counts their lines. */
const QUIRKS: Readonly<Record<string, HttpQuirks>> = {
  'vector-text': vector('vector-text', { contentType: 'text/plain', encoding: gzip }),
  'vector-json': vector('vector-json', {
    name: 'Vector, http sink, a JSON list, zlib',
    contentType: 'application/json',
    body: list('message'),
    encoding: ['deflate', deflateSync],
  }),
  'vector-snappy': vector('vector-snappy', {
    name: 'Vector, http sink, NDJSON, snappy',
    contentType: 'application/x-ndjson',
    body: objects('message'),
    encoding: ['snappy', (body) => compress(body)],
  }),
  'fluent-bit-json': fluentBit({ contentType: 'application/json', body: list('log'), encoding: gzip }),
  'fluent-bit-lines': fluentBit({
    name: 'Fluent Bit, http output, json_lines',
    contentType: 'application/x-ndjson',
    body: objects('log'),
  }),
  'fluent-bit-stream': fluentBit({
    name: 'Fluent Bit, http output, json_stream',
    contentType: 'application/json',
    body: (all) => all.map((line) => JSON.stringify(wrapped('log')(line))).join(''),
  }),
  // 503 alone, by default: anything else is unrecoverable to it
  fluentd: {
    name: 'Fluentd, out_http',
    contentType: 'application/x-ndjson',
    body: objects('message'),
    isStored: success,
    isRetried: (status) => status === 503,
  },
  logstash: {
    name: 'Logstash, http output, json_batch',
    contentType: 'application/json',
    body: list('message'),
    encoding: gzip,
    isStored: success,
    isRetried: (status) => [429, 500, 502, 503, 504].includes(status),
  },
  'omhttp-newline': {
    name: 'rsyslog, omhttp, newline',
    contentType: 'text/plain',
    body: (all) => all.join('\n'),
    isStored: success,
    isRetried: retriedByMost,
  },
  'omhttp-list': {
    name: 'rsyslog, omhttp, jsonarray',
    contentType: 'application/json',
    body: list('message'),
    isStored: success,
    isRetried: retriedByMost,
  },
  'omhttp-kafka': {
    name: 'rsyslog, omhttp, kafkarest',
    contentType: 'application/vnd.kafka.json.v2+json',
    body: (all) => records(all.map(wrapped('message'))),
    encoding: gzip,
    isStored: success,
    isRetried: retriedByMost,
  },
};

const requestOf =
  (source: string, { contentType, body, encoding }: HttpQuirks) =>
  (all: readonly string[]): Request => ({
    path: `/ingest/${source}`,
    headers: {
      ...(contentType && { 'content-type': contentType }),
      ...(encoding && { 'content-encoding': encoding[0] }),
    },
    body: Buffer.from(encoding ? encoding[1](Buffer.from(body(all))) : body(all)),
  });

function verdictOf({ isStored, isRetried, longestAnswer = Infinity }: HttpQuirks) {
  return ({ status, text }: Answer, all: readonly string[]): Verdict => {
    if (text.length > longestAnswer) return againAll(all);
    if (isStored(status)) return deliveredAll(all);
    return isRetried(status) ? againAll(all) : droppedAll(all);
  };
}

export const FAKE_HTTP_SHIPPERS: Readonly<Record<string, FakeShipper>> = Object.fromEntries(
  Object.entries(QUIRKS).map(([source, quirks]) => [
    source,
    {
      name: quirks.name,
      asks: quirks.asks ?? [],
      request: requestOf(source, quirks),
      judge: verdictOf(quirks),
    },
  ]),
);
