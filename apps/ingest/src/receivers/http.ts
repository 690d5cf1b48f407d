import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAuthorized } from '#listener';
import { LiveSettings, type Source } from '#settings';
import { readBody } from '../body.js';
import { Reception } from '../reception.js';
import { Refused, refusalBody, type RefusalName } from '../refusal.js';
import { areGuarded, bodyOf } from './http-requests.js';
import type { HttpReceiver, RawRequest } from './receiver.js';

/** Has credentials of its own for each source. */
export const INGEST_ROUTE = '/ingest/:source';
const LONGEST_KEY = 255;

/**
 * `POST /ingest/{source}` (PUT too; HEAD asks whether it would be taken): the log itself, in whatever shape.
 */
@Injectable()
export class PlainHttpReceiver implements HttpReceiver {
  readonly protocol = 'http';

  constructor(
    private readonly settings: LiveSettings,
    private readonly reception: Reception,
  ) {}

  routes(scope: FastifyInstance): void {
    const url = INGEST_ROUTE;
    scope.route({
      method: ['POST', 'PUT'],
      url,
      handler: (request, reply) => this.take(request as RawRequest, reply),
    });
    scope.route({ method: 'HEAD', url, handler: async (_request, reply) => reply.code(200).send() });
    scope.route({
      method: ['GET', 'PATCH', 'DELETE'],
      url,
      handler: () => {
        throw new Refused('method_not_allowed');
      },
    });
  }

  /** The path says whose credentials are asked for. */
  async admit(request: RawRequest): Promise<string> {
    const { sources } = this.settings.now;
    const name = this.reception.find([pathSource(request)]);
    const source = name === undefined ? undefined : sources.get(name);
    if (source) request.sources = [source.name];
    const { authorization } = request.headers;
    const isKnown = source
      ? await isAuthorized(authorization, source.credentials)
      : await mayLearnNames(authorization, sources);
    if (!isKnown) throw new Refused('unauthorized');
    if (!source)
      throw new Refused(
        'unknown_source',
        areGuarded(sources) ? undefined : `Known are: ${[...sources.keys()].join(', ')}.`,
      );
    return source.name;
  }

  refused(refusal: RefusalName, detail: string | undefined, reply: FastifyReply): FastifyReply {
    if (refusal === 'method_not_allowed') void reply.header('allow', 'POST, PUT, HEAD');
    return reply.send(refusalBody(refusal, detail));
  }

  private async take(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || key.length === 0 || key.length > LONGEST_KEY))
      throw new Refused('bad_key');
    const sent = readBody(bodyOf(request), request.headers['content-encoding']);
    const { hold } = request;
    const { id, accepted } = await this.reception.body(hold.source, sent, hold, key);
    return reply.code(202).send({ status: accepted, batch: id });
  }
}

const pathSource = ({ params }: FastifyRequest): string => (params as { source: string }).source;

/** Where sources are guarded, a stranger is not told which names exist. */
async function mayLearnNames(
  authorization: string | undefined,
  sources: ReadonlyMap<string, Source>,
): Promise<boolean> {
  if (!areGuarded(sources)) return true;
  for (const { credentials } of sources.values())
    if (credentials && (await isAuthorized(authorization, credentials))) return true;
  return false;
}
