import type { Provider } from '@nestjs/common';
import type { ReceiverName, Receivers } from '#settings';
import { LokiReceiver } from './loki.js';
import { OtlpGrpcReceiver } from './otlp-grpc.js';
import { OtlpHttpReceiver } from './otlp-http.js';
import { OtlpLogs } from './otlp.js';
import { overHttp } from './over-http.js';
import { overHttp2 } from './over-http2.js';
import type { Transport } from './transport.js';

/** Every protocol beside plain HTTP: how it travels and who speaks it, by its name in `ingest.receivers`. */
export const RECEIVERS: { readonly [Name in ReceiverName]?: Transport<NonNullable<Receivers[Name]>> } = {
  loki: overHttp(LokiReceiver),
  otlp_http: overHttp(OtlpHttpReceiver),
  otlp_grpc: overHttp2(OtlpGrpcReceiver),
};

/** What the rows are made of. */
export const RECEIVER_PROVIDERS: Provider[] = [LokiReceiver, OtlpLogs, OtlpHttpReceiver, OtlpGrpcReceiver];
