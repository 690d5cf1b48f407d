import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { exportResponse, rpcStatus, type PartialSuccess } from '#protocols';
import { REFUSALS, type RefusalName } from '../refusal.js';
import { bodyOf, HttpRequests } from './http-requests.js';
import { OtlpLogs, rpcStatusOf } from './otlp.js';
import type { HttpReceiver, RawRequest } from './receiver.js';

/** What can never be read is 400 by the protocol, whatever other protocols say of it. */
const BAD_DATA = 422;

/** What is not log records is refused: to take it and throw it away would tell its sender that it is kept. */
const OTHER_SIGNALS = ['/v1/traces', '/v1/metrics', '/v1development/profiles'];

/** The two encodings of OTLP, and how an answer is written in each. */
const ENCODINGS = {
  json: {
    contentType: 'application/json',
    response: (partial: PartialSuccess | undefined) => Buffer.from(exportResponse.json(partial)),
    status: (refusal: RefusalName, detail: string | undefined) =>
      Buffer.from(rpcStatus.json(rpcStatusOf(refusal, detail))),
  },
  protobuf: {
    contentType: 'application/x-protobuf',
    response: (partial: PartialSuccess | undefined) => Buffer.from(exportResponse.protobuf(partial)),
    status: (refusal: RefusalName, detail: string | undefined) =>
      Buffer.from(rpcStatus.protobuf(rpcStatusOf(refusal, detail))),
  },
} as const;

/**
 * OTLP over HTTP: `POST /v1/logs`, answered 200 when every record is safe, in the encoding of the request.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
@Injectable()
export class OtlpHttpReceiver implements HttpReceiver {
  readonly protocol = 'otlp_http';

  constructor(
    private readonly requests: HttpRequests,
    private readonly logs: OtlpLogs,
  ) {}

  routes(scope: FastifyInstance): void {
    scope.post('/v1/logs', (request, reply) => this.take(request as RawRequest, reply));
    for (const url of OTHER_SIGNALS)
      scope.post(url, { config: { open: true } }, (_request, reply) => reply.callNotFound());
    scope.setNotFoundHandler((request, reply) => notLogs(request as RawRequest, reply));
  }

  refused(
    refusal: RefusalName,
    detail: string | undefined,
    reply: FastifyReply,
    request: RawRequest,
  ): FastifyReply {
    if (REFUSALS[refusal].status === BAD_DATA) void reply.code(400);
    const { contentType, status } = ENCODINGS[encodingOf(request)];
    return reply.type(contentType).send(status(refusal, detail));
  }

  private async take(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    const encoding = encodingOf(request);
    const { contentType, response } = ENCODINGS[encoding];
    // a request with nothing in it is one, in either encoding
    const body = bodyOf(request).length > 0 ? await this.requests.inflated(request) : Buffer.alloc(0);
    const partial = await this.logs.store(this, request, body, encoding);
    return reply.code(200).type(contentType).send(response(partial));
  }
}

const encodingOf = (request: RawRequest): keyof typeof ENCODINGS =>
  request.contentType.includes('json') ? 'json' : 'protobuf';

function notLogs(request: RawRequest, reply: FastifyReply): FastifyReply {
  const status = {
    code: 'UNIMPLEMENTED',
    message: `There is nothing at ${request.url.slice(0, 100)}: log records go to POST /v1/logs, and nothing else is taken.`,
  } as const;
  const encoding = encodingOf(request);
  return reply
    .code(404)
    .type(ENCODINGS[encoding].contentType)
    .send(encoding === 'json' ? rpcStatus.json(status) : Buffer.from(rpcStatus.protobuf(status)));
}
