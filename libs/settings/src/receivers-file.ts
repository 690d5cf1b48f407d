import { z } from 'zod';
import { bindFields, demandedTls, httpFields, maxConnections, receiverTls } from './listener-file.js';
import { secret } from './secret.js';
import { duration, size } from './units.js';

/**
 * `ingest.receivers`: the protocols that shippers speak beside HTTP on `ingest.listen`. A protocol is one row here and
 * one in apps/ingest/src/receivers; without its row in the settings nobody listens.
 */

/** Protocols that cannot present credentials. */
const anonymous = {
  allow_anonymous: z
    .boolean()
    .default(false)
    .describe('whoever reaches this port may send for every source, also for those with auth'),
};

const stream = (port: number) => ({
  ...bindFields(port),
  tls: receiverTls,
  max_connections: maxConnections(1024),
  message_timeout: duration(
    'within which a message that has begun must have come; a connection without one may be idle for ever',
  ).prefault('1m'),
});

/** Protocols whose senders wait for no answer. */
const unanswered = {
  ...anonymous,
  max_buffer: size(
    'lines that wait to be stored; beyond it senders over TCP are not read, and datagrams are dropped and counted',
  ).prefault('16MiB'),
};

const lineStream = (port: number) => ({
  ...bindFields(port),
  tls: receiverTls,
  max_connections: maxConnections(1024),
  ...unanswered,
});

const http = (port: number) => ({
  ...bindFields(port),
  tls: receiverTls,
  ...httpFields({ connections: 4096, requestTimeout: '5m' }),
});

export const receiversSchema = z
  .strictObject({
    elasticsearch: z
      .strictObject({
        ...http(9200),
        version: z
          .string()
          .regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 8.19.0')
          .default('8.19.0')
          .describe(
            'version of Elasticsearch that shippers are told; Beats want one that is not older than they are',
          ),
      })
      .optional()
      .describe('Elasticsearch _bulk'),
    loki: z.strictObject(http(3100)).optional().describe('Loki push'),
    otlp_http: z.strictObject(http(4318)).optional().describe('OpenTelemetry logs over HTTP'),
    otlp_grpc: z.strictObject(http(4317)).optional().describe('OpenTelemetry logs over gRPC'),
    hec: z
      .strictObject({
        ...http(8088),
        acknowledgements: z
          .enum(['offered', 'required', 'off'])
          .default('offered')
          .describe(
            'offered: requests with a channel get an ackId; required: requests without a channel are refused; off: channels are ignored',
          ),
      })
      .optional()
      .describe('Splunk HTTP event collector'),
    syslog_udp: z
      .strictObject({ ...bindFields(5514), ...unanswered })
      .optional()
      .describe('syslog in datagrams'),
    syslog_tcp: z.strictObject(lineStream(5514)).optional().describe('syslog over TCP'),
    syslog_tls: z
      .strictObject({ ...lineStream(6514), tls: demandedTls })
      .optional()
      .describe('syslog over TLS'),
    forward: z
      .strictObject({
        ...stream(24224),
        ...anonymous,
        shared_key: secret
          .optional()
          .describe(
            'what senders must know, and prove by the handshake of the protocol; who does may send for every source. It is the secret itself, or { env: NAME } or { file: PATH } that holds it',
          ),
        users: z
          .record(z.string().min(1), secret)
          .default({})
          .describe('with shared_key: users, one of whom senders must be, with their passwords'),
      })
      .refine(
        ({ shared_key, users }) => shared_key !== undefined || Object.keys(users).length === 0,
        'must have a shared_key where it has users: the protocol asks for both',
      )
      .optional()
      .describe('Fluent Forward'),
    lumberjack: z
      .strictObject({ ...stream(5044), ...anonymous })
      .optional()
      .describe('Lumberjack v2 of Beats'),
    tcp: z
      .strictObject({
        ...lineStream(5170),
        source: z.string().describe('the source that all of its lines are for'),
        when_full: z
          .enum(['wait', 'drop'])
          .default('wait')
          .describe(
            'beyond max_buffer senders are not read, or their lines are dropped and counted: for those that would stand still',
          ),
      })
      .optional()
      .describe('lines or JSON objects over TCP'),
  })
  .prefault({});

export type ReceiversFile = z.infer<typeof receiversSchema>;
