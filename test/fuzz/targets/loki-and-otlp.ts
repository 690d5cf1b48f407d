import assert from 'node:assert/strict';
import {
  EventsBySource,
  Malformed,
  grpcBody,
  grpcMessage,
  readLokiJson,
  readLokiProtobuf,
  readOtlpJson,
  readOtlpProtobuf,
} from '#protocols';
import { exportLogs, lokiPush } from '../../shippers/messages.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

const LINES = LOG_LINES.filter((_, i) => i % 40 === 0).map((line) => line.toString());
/** A control character takes six bytes in JSON; an attribute of two bytes becomes `"":null,`. */
const MOST_GROWTH = 8;
const LF = 0x0a;

const text = (stringValue: string) => ({ stringValue });
const list = (values: object[]) => ({ arrayValue: { values } });
const attributes = [
  { key: 'http.response.status_code', value: { intValue: 503 } },
  { key: 'url.path', value: text('/a "b"\n') },
  { key: 'http.response.header.retry-after', value: list([text('3'), { doubleValue: 0.5 }, {}]) },
  { key: 'nested', value: { kvlistValue: { values: [{ key: 'a', value: { boolValue: true } }] } } },
  { key: 'raw', value: { bytesValue: 'AQI=' } },
];
const resource = { attributes: [{ key: 'service.name', value: text('edge') }] };
const requests = [
  ...LINES.map((line) => [
    { timeUnixNano: '1795246757123456789', body: text(line), attributes: attributes.slice(1) },
  ]),
  [{ observedTimeUnixNano: '1', body: text('served'), attributes }],
  [{ body: { kvlistValue: { values: attributes } } }, { body: list([list([list([])])]) }, {}],
].map((logRecords) => ({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }));

const LABELS = ['{job="nginx", host="web\\"1\\""}', '{a=`b`,}', '{}'];
const pushes = LINES.map((line, i) => ({
  streams: [
    { labels: LABELS[i % LABELS.length], entries: [{ timestamp: { seconds: 1 }, line }, { line: 'x' }] },
  ],
}));
const jsonPushes = LINES.map((line, i) => ({
  streams: [
    {
      stream: { job: 'nginx', n: i },
      values: [
        ['1', line],
        [2, 'x', { meta: 1 }],
      ],
    },
    { labels: LABELS[i % LABELS.length], entries: [{ ts: '1', line }] },
  ],
}));
const asJson = (value: object): Buffer => Buffer.from(JSON.stringify(value));

/** Events come out, or Malformed; they are whole lines, and no more than what went in gives. */
const decoder = (
  name: string,
  corpus: readonly Buffer[],
  read: (input: Buffer, events: EventsBySource) => unknown,
): Target => ({
  name,
  corpus,
  share: 1,
  check(input) {
    const events = new EventsBySource(([first]) => first);
    try {
      read(input, events);
    } catch (error) {
      assert(error instanceof Malformed, error as Error);
    }
    for (const { lines, events: count } of events.all)
      assert.equal(
        lines.reduce((sum, byte) => sum + Number(byte === LF), 0),
        count,
        'an event is a line',
      );
    assert(events.bytes <= MOST_GROWTH * input.length, `${input.length} bytes became ${events.bytes}`);
  },
});

export const lokiAndOtlpTargets: readonly Target[] = [
  decoder('loki:protobuf', pushes.map(lokiPush), (input, events) =>
    readLokiProtobuf(input, undefined, events),
  ),
  decoder('loki:json', jsonPushes.map(asJson), (input, events) => readLokiJson(input, 'tenant', events)),
  decoder('otlp:protobuf', requests.map(exportLogs), readOtlpProtobuf),
  decoder('otlp:json', [...requests, requests].map(asJson), readOtlpJson),
  decoder(
    'grpc:message',
    requests.map((request) => grpcBody(exportLogs(request))),
    (input, events) => readOtlpProtobuf(grpcMessage(input).bytes, events),
  ),
];
