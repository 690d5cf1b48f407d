import type { Provider } from '@nestjs/common';
import type { ReceiverName, Receivers } from '#settings';
import { ElasticsearchReceiver } from './elasticsearch.js';
import { ForwardChunks } from './forward-chunks.js';
import { ForwardHeartbeats, withHeartbeats } from './forward-heartbeats.js';
import { ForwardReceiver } from './forward.js';
import { HecReceiver } from './hec.js';
import { LineBuffers } from './line-buffers.js';
import { LokiReceiver } from './loki.js';
import { LumberjackReceiver } from './lumberjack.js';
import { MessageReport } from './message-report.js';
import { OtlpGrpcReceiver } from './otlp-grpc.js';
import { OtlpHttpReceiver } from './otlp-http.js';
import { OtlpLogs } from './otlp.js';
import { overDatagrams } from './over-datagrams.js';
import { overHttp } from './over-http.js';
import { overHttp2 } from './over-http2.js';
import { overStreams } from './over-streams.js';
import { SyslogDatagrams } from './syslog-datagrams.js';
import { SyslogOverTcp, SyslogOverTls } from './syslog-streams.js';
import { TcpLines } from './tcp-lines.js';
import type { Transport } from './transport.js';

/** Every protocol beside plain HTTP: how it travels and who speaks it, by its name in `ingest.receivers`. */
export const RECEIVERS: { readonly [Name in ReceiverName]: Transport<NonNullable<Receivers[Name]>> } = {
  elasticsearch: overHttp(ElasticsearchReceiver),
  loki: overHttp(LokiReceiver),
  otlp_http: overHttp(OtlpHttpReceiver),
  otlp_grpc: overHttp2(OtlpGrpcReceiver),
  hec: overHttp(HecReceiver),
  syslog_udp: overDatagrams(SyslogDatagrams),
  syslog_tcp: overStreams(SyslogOverTcp),
  syslog_tls: overStreams(SyslogOverTls),
  forward: withHeartbeats(overStreams(ForwardReceiver)),
  lumberjack: overStreams(LumberjackReceiver),
  tcp: overStreams(TcpLines),
};

/** Those who speak, and what they share. */
export const RECEIVER_PROVIDERS: Provider[] = [
  ElasticsearchReceiver,
  LokiReceiver,
  OtlpHttpReceiver,
  OtlpGrpcReceiver,
  OtlpLogs,
  HecReceiver,
  SyslogDatagrams,
  SyslogOverTcp,
  SyslogOverTls,
  TcpLines,
  LineBuffers,
  ForwardReceiver,
  ForwardChunks,
  ForwardHeartbeats,
  LumberjackReceiver,
  MessageReport,
];
