import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BulkItems, EventsBySource, MalformedBulk, readBulk } from '#protocols';
import { LiveSettings } from '#settings';
import { Reception } from '../reception.js';
import { REFUSALS, Refused, refusalBody, type RefusalName } from '../refusal.js';
import { elasticsearchProbe } from './elasticsearch-probes.js';
import { HttpRequests } from './http-requests.js';
import type { HttpReceiver, RawRequest } from './receiver.js';

/** Shippers look for it in every answer, and send nothing to what is called otherwise. */
const PRODUCT = ['x-elastic-product', 'Elasticsearch'] as const;
/** Of actions in one request, so that neither they nor the answer take much memory. */
const MOST_ACTIONS = 250_000;

/** What Elasticsearch calls a refusal, where it has a name and a status of its own for it. */
const ERRORS: { readonly [Name in RefusalName]?: { readonly type: string; readonly status?: number } } = {
  unauthorized: { type: 'security_exception' },
  overloaded: { type: 'es_rejected_execution_exception' },
  rate_limited: { type: 'es_rejected_execution_exception' },
  unavailable: { type: 'unavailable_shards_exception' },
  malformed: { type: 'illegal_argument_exception', status: 400 },
  empty_body: { type: 'parse_exception', status: 400 },
  damaged_encoding: { type: 'parse_exception', status: 400 },
};

/** `_bulk` of Elasticsearch, and what shippers want to know before they send. */
@Injectable()
export class ElasticsearchReceiver implements HttpReceiver {
  readonly protocol = 'elasticsearch';

  constructor(
    private readonly settings: LiveSettings,
    private readonly requests: HttpRequests,
    private readonly reception: Reception,
  ) {}

  routes(scope: FastifyInstance): void {
    scope.addHook('onSend', async (_request, reply) => void reply.header(...PRODUCT));
    for (const url of ['/_bulk', '/:index/_bulk', '/:index/:type/_bulk'])
      scope.route({
        method: ['POST', 'PUT'],
        url,
        handler: (request, reply) => this.bulk(request as RawRequest, reply),
      });
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      url: '*',
      config: { open: true },
      handler: async (request, reply) => this.probe(request, reply),
    });
  }

  /** An API key is an id and a secret, written as Basic credentials are. */
  authorization({ headers }: FastifyRequest): string | undefined {
    return headers.authorization?.replace(/^ApiKey +/i, 'Basic ');
  }

  /** The omelasticsearch of rsyslog, which alone does not say who it is, takes a refusal for an answer and forgets. */
  hangsUp({ headers }: FastifyRequest): boolean {
    return headers['user-agent'] === undefined;
  }

  refused(name: RefusalName, detail: string | undefined, reply: FastifyReply): FastifyReply {
    const { type, status }: { type: string; status?: number } = ERRORS[name] ?? { type: `${name}_exception` };
    const { message, hint } = refusalBody(name, detail);
    const error = { type, reason: `${message} ${hint}` };
    const code = status ?? REFUSALS[name].status;
    return reply.code(code).send({ error: { root_cause: [error], ...error }, status: code });
  }

  private probe({ method, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { version } = this.settings.now.ingest.receivers.elasticsearch!;
    const { status, body } = elasticsearchProbe(method, url.replace(/\?.*$/, ''), version);
    return reply.code(status).send(method === 'HEAD' ? undefined : body);
  }

  private async bulk(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    const began = performance.now();
    const body = await this.requests.inflated(request);
    const events = new EventsBySource(this.reception.find);
    const { items, key } = sorted(body, (request.params as { index?: string }).index, events);
    await this.store(request, events, key);
    const answer = items.answer(Math.round(performance.now() - began));
    return reply.type('application/json').send(answer);
  }

  /** Where nobody knows any of the names, each item says so. */
  private async store(request: RawRequest, events: EventsBySource, key: string | undefined): Promise<void> {
    try {
      await this.requests.store(this, request, events, key);
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal !== 'unknown_source') throw error;
    }
  }
}

/** Sorts the documents of a request by source. @throws Refused */
function sorted(
  body: Buffer,
  index: string | undefined,
  events: EventsBySource,
): { items: BulkItems; key: string | undefined } {
  const items = new BulkItems();
  try {
    const key = readBulk(body, index, (action, event) => {
      if (items.count === MOST_ACTIONS)
        throw new Refused('too_large', `It has more than ${MOST_ACTIONS} actions.`);
      const names = action.index === undefined ? [] : [action.index];
      if (event === undefined || events.add(names, event)) items.stored(action);
      else items.unknownIndex(action);
    });
    return { items, key };
  } catch (error) {
    throw error instanceof MalformedBulk ? new Refused('malformed', `${error.message}.`) : error;
  }
}
