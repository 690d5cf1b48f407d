export { BrokenStream } from './broken-stream.js';
export { EventLines } from './event-lines.js';
export { EventsBySource, type SourceLines } from './events-by-source.js';
export { LineFrames } from './line-frames.js';
export { SyslogFrames } from './syslog-frames.js';
export { readSyslog, type SyslogMessage } from './syslog-message.js';
export { ForwardHandshake, type ForwardSecrets } from './forward-handshake.js';
export { forwardAck, forwardMessage, type ForwardMessage } from './forward-message.js';
export { jsonEvent, pairsEvent } from './lumberjack-event.js';
export { LumberjackFrames, lumberjackAck, type LumberjackFrame } from './lumberjack-frames.js';
export { LumberjackWindow } from './lumberjack-window.js';
export { MsgpackEvents, msgpackEvents } from './msgpack-events.js';
export { MsgpackFrames } from './msgpack-frames.js';
export { MalformedBulk, readBulk, type BulkAction } from './elasticsearch-bulk.js';
export { BulkItems } from './elasticsearch-items.js';
export { HecChannels } from './hec-channels.js';
export { HEC_NAMES, readHecEvents, readHecRaw, type HecFault, type HecNames } from './hec-events.js';
export { grpcBody, grpcMessage, grpcText } from './grpc-message.js';
export { readLokiJson, readLokiProtobuf } from './loki-push.js';
export { Malformed } from './malformed.js';
export {
  RPC_CODES,
  exportResponse,
  rpcStatus,
  type PartialSuccess,
  type RpcCode,
  type RpcStatus,
} from './otlp-answers.js';
export { readOtlpJson } from './otlp-json.js';
export type { Poison } from './otlp-poison.js';
export { readOtlpProtobuf } from './otlp-protobuf.js';
