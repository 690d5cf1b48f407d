import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EventsBySource, Malformed, readLokiJson, readLokiProtobuf } from '#protocols';
import { Reception } from '../reception.js';
import { REFUSALS, Refused, type RefusalName } from '../refusal.js';
import { HttpRequests } from './http-requests.js';
import type { HttpReceiver, RawRequest } from './receiver.js';
import { mustBeReadable } from './whole-message.js';

/** The second is what Loki took before its version 1.0. */
const PUSH_ROUTES = ['/loki/api/v1/push', '/api/prom/push'];

const MEANS_SNAPPY: ReadonlySet<string> = new Set(['', 'identity', 'snappy']);

/** Loki says 400 of what can never be read; Fluent Bit sends everything else again. */
const FOR_GOOD: ReadonlySet<RefusalName> = new Set([
  'empty_body',
  'damaged_encoding',
  'not_a_log',
  'malformed',
  'unknown_source',
]);

/**
 * Loki's push API: `POST /loki/api/v1/push`, answered 204 when every line whose stream is known is safe.
 * https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs
 */
@Injectable()
export class LokiReceiver implements HttpReceiver {
  readonly protocol = 'loki';

  constructor(
    private readonly requests: HttpRequests,
    private readonly reception: Reception,
  ) {}

  routes(scope: FastifyInstance): void {
    for (const url of PUSH_ROUTES)
      scope.post(url, (request, reply) => this.take(request as RawRequest, reply));
    // Vector asks before it starts
    scope.get('/ready', { config: { open: true } }, (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send('ready\n'),
    );
  }

  refused(refusal: RefusalName, detail: string | undefined, reply: FastifyReply): FastifyReply {
    if (FOR_GOOD.has(refusal)) void reply.code(400);
    const { message, hint } = REFUSALS[refusal];
    return reply.type('text/plain; charset=utf-8').send([message, detail ?? hint].join(' ') + '\n');
  }

  private async take(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    const events = new EventsBySource(this.reception.find);
    try {
      await this.read(request, events);
    } catch (error) {
      throw error instanceof Malformed ? new Refused('malformed', error.message) : error;
    }
    await this.requests.store(this, request, events);
    if (events.unknown > 0) request.sources = [...request.sources, 'unknown'];
    return reply.code(204).send();
  }

  private async read(request: RawRequest, events: EventsBySource): Promise<void> {
    const tenant = tenantOf(request);
    const isJson = request.contentType.includes('json');
    const body = await (isJson ? this.requests.inflated(request) : this.unsnapped(request));
    mustBeReadable(body, isJson ? 'json' : 'protobuf');
    (isJson ? readLokiJson : readLokiProtobuf)(body, tenant, events);
  }

  /** A push in protobuf is a snappy block, whether or not Content-Encoding says so. */
  private unsnapped(request: RawRequest): Promise<Buffer> {
    const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
    if (!MEANS_SNAPPY.has(encoding))
      throw new Refused('unsupported_encoding', 'A push in protobuf is compressed with snappy alone.');
    return this.requests.inflated(request, 'snappy');
  }
}

function tenantOf({ headers }: FastifyRequest): string | undefined {
  const tenant = headers['x-scope-orgid'];
  return typeof tenant === 'string' && tenant !== '' ? tenant : undefined;
}
