import protobuf from 'protobufjs';

/**
 * The messages of Loki and OTLP, as far as shippers fill them, for tests that write and read them as strangers do: what is
 * tested has no such description. Numbers are those of https://github.com/grafana/loki/tree/main/pkg/push,
 * https://github.com/open-telemetry/opentelemetry-proto and https://github.com/googleapis/googleapis/tree/master/google/rpc.
 */
const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });
const root = protobuf.Root.fromJSON({
  nested: {
    LokiPush: { fields: { streams: list(1, 'LokiStream') } },
    LokiStream: {
      fields: { labels: field(1, 'string'), entries: list(2, 'LokiEntry'), hash: field(3, 'uint64') },
    },
    LokiEntry: {
      fields: {
        timestamp: field(1, 'Seconds'),
        line: field(2, 'string'),
        structuredMetadata: list(3, 'LabelPair'),
      },
    },
    LabelPair: { fields: { name: field(1, 'string'), value: field(2, 'string') } },
    Seconds: { fields: { seconds: field(1, 'int64'), nanos: field(2, 'int32') } },

    ExportLogs: { fields: { resourceLogs: list(1, 'ResourceLogs') } },
    ResourceLogs: {
      fields: {
        resource: field(1, 'Resource'),
        scopeLogs: list(2, 'ScopeLogs'),
        schemaUrl: field(3, 'string'),
      },
    },
    Resource: { fields: { attributes: list(1, 'KeyValue') } },
    ScopeLogs: { fields: { scope: field(1, 'Scope'), logRecords: list(2, 'LogRecord') } },
    Scope: { fields: { name: field(1, 'string') } },
    LogRecord: {
      fields: {
        timeUnixNano: field(1, 'fixed64'),
        severityNumber: field(2, 'int32'),
        severityText: field(3, 'string'),
        body: field(5, 'AnyValue'),
        attributes: list(6, 'KeyValue'),
        traceId: field(9, 'bytes'),
        observedTimeUnixNano: field(11, 'fixed64'),
      },
    },
    KeyValue: { fields: { key: field(1, 'string'), value: field(2, 'AnyValue') } },
    AnyValue: {
      fields: {
        stringValue: field(1, 'string'),
        boolValue: field(2, 'bool'),
        intValue: field(3, 'int64'),
        doubleValue: field(4, 'double'),
        arrayValue: field(5, 'ArrayValue'),
        kvlistValue: field(6, 'KeyValueList'),
        bytesValue: field(7, 'bytes'),
      },
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
    },
    ArrayValue: { fields: { values: list(1, 'AnyValue') } },
    KeyValueList: { fields: { values: list(1, 'KeyValue') } },

    ExportLogsAnswer: { fields: { partialSuccess: field(1, 'PartialSuccess') } },
    PartialSuccess: { fields: { rejectedLogRecords: field(1, 'int64'), errorMessage: field(2, 'string') } },
    Status: { fields: { code: field(1, 'int32'), message: field(2, 'string'), details: list(3, 'Any') } },
    Any: { fields: { typeUrl: field(1, 'string'), value: field(2, 'bytes') } },
    RetryInfo: { fields: { retryDelay: field(1, 'Seconds') } },
  },
});

const written =
  (name: string) =>
  (message: object): Buffer => {
    const type = root.lookupType(name);
    return Buffer.from(type.encode(type.fromObject(message)).finish());
  };
const read =
  (name: string) =>
  (bytes: Uint8Array): Record<string, unknown> => {
    const type = root.lookupType(name);
    return type.toObject(type.decode(bytes), { longs: String });
  };

export const lokiPush = written('LokiPush');
export const exportLogs = written('ExportLogs');
export const readExportLogsAnswer = read('ExportLogsAnswer');

/** What a sender learns of a google.rpc.Status; the wait in seconds, if it holds a RetryInfo. */
export function readStatus(bytes: Uint8Array): { code: number; message: string; retryAfter?: number } {
  const { code, message, details } = read('Status')(bytes) as {
    code: number;
    message: string;
    details?: { typeUrl: string; value: Uint8Array }[];
  };
  const info = details?.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.RetryInfo'));
  if (!info) return { code, message };
  const { retryDelay } = read('RetryInfo')(info.value) as { retryDelay: { seconds: string } };
  return { code, message, retryAfter: Number(retryDelay.seconds) };
}
