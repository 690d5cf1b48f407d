import type { Provider } from '@nestjs/common';
import type { ReceiverName, Receivers } from '#settings';
import { ForwardChunks } from './forward-chunks.js';
import { ForwardHeartbeats, withHeartbeats } from './forward-heartbeats.js';
import { ForwardReceiver } from './forward.js';
import { LumberjackReceiver } from './lumberjack.js';
import { overStreams } from './over-streams.js';
import { MessageReport } from './message-report.js';
import { ElasticsearchReceiver } from './elasticsearch.js';
import { HecReceiver } from './hec.js';
import { LokiReceiver } from './loki.js';
import { OtlpGrpcReceiver } from './otlp-grpc.js';
import { OtlpHttpReceiver } from './otlp-http.js';
import { OtlpLogs } from './otlp.js';
import { overHttp } from './over-http.js';
import { overHttp2 } from './over-http2.js';
import type { Transport } from './transport.js';

/** Every protocol beside plain HTTP: how it travels and who speaks it, by its name in `ingest.receivers`. */
export const RECEIVERS: { readonly [Name in ReceiverName]?: Transport<NonNullable<Receivers[Name]>> } = {
  forward: withHeartbeats(overStreams(ForwardReceiver)),
  lumberjack: overStreams(LumberjackReceiver),
  elasticsearch: overHttp(ElasticsearchReceiver),
  loki: overHttp(LokiReceiver),
  otlp_http: overHttp(OtlpHttpReceiver),
  otlp_grpc: overHttp2(OtlpGrpcReceiver),
  hec: overHttp(HecReceiver),
};

/** What the rows are made of. */
export const RECEIVER_PROVIDERS: Provider[] = [
  ForwardReceiver,
  ForwardChunks,
  ForwardHeartbeats,
  LumberjackReceiver,
  MessageReport,
  ElasticsearchReceiver,
  LokiReceiver,
  OtlpLogs,
  OtlpHttpReceiver,
  OtlpGrpcReceiver,
  HecReceiver,
];
