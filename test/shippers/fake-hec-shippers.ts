import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  againAll,
  deliveredAll,
  droppedAll,
  type Ask,
  type FakeShipper,
  type Verdict,
} from './fake-shipper.js';

const POLL_MS = 50;
const MOST_POLLS = 30;
const CHANNEL = '0e9d9a2e-70a0-4b58-9cc6-6b9d0d8a5f11';

const isRetried = (status: number): boolean => [408, 429].includes(status) || status >= 500;
const concatenated = (events: readonly object[]): Buffer =>
  Buffer.from(events.map((event) => JSON.stringify(event)).join(''));

/** The splunk_hec_logs sink of Vector with acknowledgements. */
const vector = (token: string): FakeShipper => {
  const headers = {
    'user-agent': 'Vector/0.50.0',
    authorization: `Splunk ${token}`,
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'x-splunk-request-channel': CHANNEL,
  };
  return {
    name: 'Vector, splunk_hec_logs sink',
    asks: [['GET', '/services/collector/health/1.0', ({ status }) => status === 200]],
    request: (lines) => ({
      path: '/services/collector/event',
      headers,
      body: gzipSync(
        concatenated(lines.map((event) => ({ event, fields: {}, time: 1795241957.1, host: 'h' }))),
      ),
    }),
    async judge({ status, text }, lines, ask) {
      if (isRetried(status)) return againAll(lines);
      if (status !== 200) return droppedAll(lines);
      const { ackId } = JSON.parse(text) as { ackId?: number };
      if (ackId === undefined) throw new Error('without an id Vector believes what it is not told');
      return acknowledged(ackId, lines, ask, headers);
    },
  };
};

const isAcknowledged = (text: string, id: number): boolean =>
  (JSON.parse(text) as { acks: Record<string, boolean> }).acks[id] === true;

/** Asks compressed, as it sends; after a 4xx it would take everything for delivered, whatever became of it. */
async function acknowledged(
  ackId: number,
  lines: readonly string[],
  ask: Ask,
  headers: Record<string, string>,
): Promise<Verdict> {
  const body = gzipSync(JSON.stringify({ acks: [ackId] }));
  for (let polls = 0; polls < MOST_POLLS; polls++) {
    const { status, text } = await ask({ path: '/services/collector/ack', headers, body });
    if (status >= 400 && status < 500) throw new Error('after this answer Vector asks no more');
    if (status === 200 && isAcknowledged(text, ackId)) return deliveredAll(lines);
    await pause(POLL_MS);
  }
  return droppedAll(lines);
}

/** The splunk output of Fluent Bit without a limit of tries: 200 alone is good. */
const fluentBit = (token: string): FakeShipper => ({
  name: 'Fluent Bit, splunk output',
  asks: [],
  request: (lines) => ({
    path: '/services/collector/event',
    headers: { 'user-agent': 'Fluent-Bit', authorization: `Splunk ${token}` },
    body: concatenated(lines.map((log) => ({ time: 1795241957.1, event: { log, stream: 'stdout' } }))),
  }),
  judge({ status }, lines) {
    if (status === 200) return deliveredAll(lines);
    return isRetried(status) ? againAll(lines) : droppedAll(lines);
  },
});

/** The splunk_hec exporter of the OpenTelemetry Collector. */
const collector = (token: string): FakeShipper => ({
  name: 'OpenTelemetry Collector, splunk_hec exporter',
  asks: [['GET', '/services/collector/health', ({ status }) => status === 200]],
  request: (lines) => ({
    path: '/services/collector',
    headers: {
      'user-agent': 'OpenTelemetry Collector Contrib/0.139.0',
      authorization: `Splunk ${token}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    },
    body: gzipSync(
      concatenated(lines.map((event) => ({ time: 1795241957.1, host: 'h', event, source: 'otel' }))),
    ),
  }),
  judge({ status, headers }, lines) {
    if (status < 300) return deliveredAll(lines);
    if (!isRetried(status) && ![403, 413].includes(status)) return droppedAll(lines);
    if (status === 503 && !/^\d+$/.test(headers.get('retry-after') ?? ''))
      throw new Error('the Collector is not told for how long to wait');
    return againAll(lines);
  },
});

/** http-log of Kong, in batches, to the raw endpoint. */
const kong = (token: string): FakeShipper => ({
  name: 'Kong, http-log',
  asks: [],
  request: (lines) => ({
    path: '/services/collector/raw',
    headers: { authorization: `Splunk ${token}`, 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(lines.map((message) => ({ message })))),
  }),
  judge: ({ status }, lines) => (status < 300 ? deliveredAll(lines) : againAll(lines)),
});

/** By the source that counts their lines, for which they have the token. */
export const FAKE_HEC_SHIPPERS = { vector, fluentbit: fluentBit, collector, kong };
