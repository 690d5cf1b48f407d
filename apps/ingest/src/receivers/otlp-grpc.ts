import { constants, type Http2ServerResponse, type OutgoingHttpHeaders } from 'node:http2';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  Malformed,
  RPC_CODES,
  exportResponse,
  grpcBody,
  grpcMessage,
  grpcText,
  rpcStatus,
  type RpcStatus,
} from '#protocols';
import { LiveSettings } from '#settings';
import { inflated, readBody } from '../body.js';
import { Refused, type RefusalName } from '../refusal.js';
import { bodyOf } from './http-requests.js';
import { OtlpLogs, rpcStatusOf } from './otlp.js';
import type { HttpReceiver, RawRequest } from './receiver.js';

const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const HEADERS = {
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': 'identity,gzip,deflate,zstd,snappy',
};

/**
 * OTLP over gRPC: the call LogsService/Export, answered OK when every record is safe. gRPC is HTTP/2 with an end of its
 * own, so that what holds for requests over HTTP holds for calls: no library for servers has bounds for what is being
 * received, nor zstd.
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
@Injectable()
export class OtlpGrpcReceiver implements HttpReceiver {
  readonly protocol = 'otlp_grpc';

  constructor(
    private readonly settings: LiveSettings,
    private readonly logs: OtlpLogs,
  ) {}

  routes(scope: FastifyInstance): void {
    scope.post(EXPORT, (request, reply) => this.take(request as RawRequest, reply));
    scope.setNotFoundHandler((request, reply) =>
      endWith(reply, {
        code: 'UNIMPLEMENTED',
        message: `There is no ${request.url.slice(0, 100)} here: log records are taken by ${EXPORT}, and nothing else is.`,
      }),
    );
  }

  refused(refusal: RefusalName, detail: string | undefined, reply: FastifyReply): FastifyReply {
    return endWith(reply, rpcStatusOf(refusal, detail));
  }

  private async take(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    const partial = await this.logs.store(this, request, await this.message(request), 'protobuf');
    return answer(reply, exportResponse.protobuf(partial));
  }

  /** @throws Refused */
  private async message(request: RawRequest): Promise<Buffer> {
    const { isCompressed, bytes } = messageIn(bodyOf(request));
    if (!isCompressed) return bytes;
    const sent = readBody(bytes, encodingOf(request));
    return inflated(sent, this.settings.now.ingest.max_inflated, request.hold);
  }
}

function messageIn(body: Buffer): ReturnType<typeof grpcMessage> {
  try {
    return grpcMessage(body);
  } catch (error) {
    throw error instanceof Malformed ? new Refused('malformed', error.message) : error;
  }
}

function encodingOf({ headers }: FastifyRequest): string {
  const encoding = headers['grpc-encoding'];
  if (typeof encoding !== 'string' || encoding === 'identity')
    throw new Refused('malformed', 'The message is compressed, and grpc-encoding does not say how.');
  return encoding;
}

/** Sends the message of an answer, and the status behind it. */
function answer(reply: FastifyReply, message: Uint8Array): FastifyReply {
  const response = taken(reply);
  response.writeHead(200, HEADERS);
  response.addTrailers({ 'grpc-status': '0' });
  response.end(grpcBody(message));
  return reply;
}

/**
 * Ends a call that was refused: the status comes with the headers, and nothing after it. Some look for it only there. What
 * the sender has yet to write is not waited for.
 */
function endWith(reply: FastifyReply, status: RpcStatus): FastifyReply {
  const { stream } = taken(reply);
  if (stream.destroyed) return reply;
  const headers: OutgoingHttpHeaders = {
    ':status': 200,
    ...HEADERS,
    'grpc-status': String(RPC_CODES[status.code]),
    'grpc-message': grpcText(status.message),
    'grpc-status-details-bin': Buffer.from(rpcStatus.protobuf(status)).toString('base64'),
  };
  stream.respond(headers, { endStream: true });
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  return reply;
}

/** The answer of Node, which Fastify has nothing to do with any more. */
function taken(reply: FastifyReply): Http2ServerResponse {
  void reply.hijack();
  return reply.raw as unknown as Http2ServerResponse;
}
