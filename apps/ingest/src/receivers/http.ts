import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAuthorized } from '#listener';
import { EventsBySource, msgpackEvents } from '#protocols';
import { LiveSettings, type Source } from '#settings';
import { inflated, readBody, type SentBody } from '../body.js';
import { Reception } from '../reception.js';
import { Refused, refusalBody, type RefusalName } from '../refusal.js';
import { areGuarded, bodyOf } from './http-requests.js';
import { Submission } from '../submission.js';
import type { HttpReceiver, RawRequest } from './receiver.js';
import { MessageReport } from './message-report.js';
import { mustBeReadable } from './whole-message.js';

/** Has credentials of its own for each source. */
export const INGEST_ROUTE = '/ingest/:source';
const LONGEST_KEY = 255;
const MSGPACK = /^application\/(x-)?(vnd\.)?msgpack\b/;

/**
 * `POST /ingest/{source}` (PUT too; HEAD asks whether it would be taken): the log itself, in whatever shape.
 */
@Injectable()
export class PlainHttpReceiver implements HttpReceiver {
  readonly protocol = 'http';

  constructor(
    private readonly settings: LiveSettings,
    private readonly reception: Reception,
    private readonly report: MessageReport,
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

  /** @returns the answer */
  private async take(request: RawRequest, reply: FastifyReply): Promise<object> {
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || key.length === 0 || key.length > LONGEST_KEY))
      throw new Refused('bad_key');
    const sent = readBody(bodyOf(request), request.headers['content-encoding']);
    if (MSGPACK.test(request.contentType)) return this.takeRecords(request, reply, sent, key);
    const { hold } = request;
    const { id, accepted } = await this.reception.body(hold.source, sent, hold, key);
    void reply.code(202);
    return { status: accepted, batch: id };
  }

  /** Records of Fluent Bit and Fluentd. What can be read of a body is taken, and the rest counted. */
  private async takeRecords(
    request: RawRequest,
    reply: FastifyReply,
    sent: SentBody,
    key: string | undefined,
  ): Promise<FastifyReply> {
    const { hold } = request;
    const bytes = await inflated(sent, this.settings.now.ingest.max_inflated, hold);
    mustBeReadable(bytes, 'msgpack');
    const events = new EventsBySource(() => hold.source);
    const unreadable = msgpackEvents(bytes, (event) => void events.add([], event));
    if (unreadable > 0 && events.bytes === 0)
      throw new Refused('malformed', 'No record of msgpack can be read in it.');
    // who may send was asked before the body was read
    await this.reception.store(new Submission(this.protocol, events, () => true, hold, key));
    if (unreadable > 0) this.report.malformed(this.protocol, hold.source, 'records of msgpack are none');
    return reply.code(202).send({ status: 'accepted', unreadable });
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
