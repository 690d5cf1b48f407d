import protobuf from 'protobufjs/minimal.js';
import { bytesField, varintField } from './protobuf-fields.js';

/** The codes of google.rpc.Status that senders of OTLP are told: https://grpc.io/docs/guides/status-codes/ */
export const RPC_CODES = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;
export type RpcCode = keyof typeof RPC_CODES;

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/** What was not stored of a request that else was. */
export interface PartialSuccess {
  readonly rejectedRecords: number;
  readonly reason: string;
}

/** An ExportLogsServiceResponse; with nothing to tell it is empty, in protobuf no bytes at all. */
export const exportResponse = {
  protobuf(partial: PartialSuccess | undefined): Uint8Array {
    const writer = protobuf.Writer.create();
    if (partial) {
      const inside = protobuf.Writer.create();
      inside.uint32(varintField(1)).int64(partial.rejectedRecords);
      inside.uint32(bytesField(2)).string(partial.reason);
      writer.uint32(bytesField(1)).bytes(inside.finish());
    }
    return writer.finish();
  },
  json: (partial: PartialSuccess | undefined): string =>
    JSON.stringify(
      partial && {
        partialSuccess: {
          rejectedLogRecords: String(partial.rejectedRecords),
          errorMessage: partial.reason,
        },
      },
    ) ?? '{}',
};

/** A refusal; with the seconds after which the same request may come again, if it may. */
export interface RpcStatus {
  readonly code: RpcCode;
  readonly message: string;
  readonly retryAfter?: number;
}

/** A google.rpc.Status, with a google.rpc.RetryInfo where senders may try again: gRPC's look for nothing else. */
export const rpcStatus = {
  protobuf({ code, message, retryAfter }: RpcStatus): Uint8Array {
    const writer = protobuf.Writer.create();
    writer.uint32(varintField(1)).int32(RPC_CODES[code]);
    writer.uint32(bytesField(2)).string(message);
    if (retryAfter !== undefined) writer.uint32(bytesField(3)).bytes(retryInfo(retryAfter));
    return writer.finish();
  },
  json: ({ code, message, retryAfter }: RpcStatus): string =>
    JSON.stringify({
      code: RPC_CODES[code],
      message,
      ...(retryAfter !== undefined && { details: [{ '@type': RETRY_INFO, retryDelay: `${retryAfter}s` }] }),
    }),
};

/** google.protobuf.Any of a RetryInfo, whose one field is a Duration of seconds. */
function retryInfo(seconds: number): Uint8Array {
  const duration = protobuf.Writer.create().uint32(varintField(1)).int64(seconds).finish();
  const info = protobuf.Writer.create().uint32(bytesField(1)).bytes(duration).finish();
  return protobuf.Writer.create()
    .uint32(bytesField(1))
    .string(RETRY_INFO)
    .uint32(bytesField(2))
    .bytes(info)
    .finish();
}
