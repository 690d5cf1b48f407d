import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import { isAuthorized } from '#listener';
import { EventsBySource, HEC_NAMES, HecChannels, readHecEvents, readHecRaw, type HecNames } from '#protocols';
import { isReady } from '#redis';
import { LiveSettings } from '#settings';
import { QueuePressure } from '../queue-pressure.js';
import { Reception } from '../reception.js';
import { Refused, type RefusalName } from '../refusal.js';
import { REDIS } from '../tokens.js';
import { HEC_ANSWERS, HEC_REFUSALS, type HecAnswer } from './hec-answers.js';
import { HttpRequests, areGuarded } from './http-requests.js';
import type { HttpReceiver, RawRequest } from './receiver.js';

const ROOT = '/services/collector';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Whoever asks for more at once is told of none. */
const LONGEST_QUESTION = 256 * 1024;

/** Splunk's HTTP event collector, with its acknowledgements. */
@Injectable()
export class HecReceiver implements HttpReceiver {
  readonly protocol = 'hec';
  private readonly channels = new HecChannels();
  /** Those whose token stands for one source. */
  private readonly sourceOf = new WeakMap<FastifyRequest, string>();

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly settings: LiveSettings,
    private readonly requests: HttpRequests,
    private readonly reception: Reception,
    private readonly pressure: QueuePressure,
  ) {}

  routes(scope: FastifyInstance): void {
    const post = (urls: readonly string[], handler: Handler, isControl = false): void => {
      for (const url of urls)
        scope.post(`${ROOT}${url}`, { config: { control: isControl } }, async (request, reply) =>
          handler(request as RawRequest, reply),
        );
    };
    post(['', '/event', '/event/1.0'], (request, reply) => this.events(request, reply));
    post(['/raw', '/raw/1.0'], (request, reply) => this.raw(request, reply));
    post(['/ack', '/ack/1.0'], (request, reply) => this.acknowledge(request, reply), true);
    for (const url of ['/health', '/health/1.0'])
      scope.get(`${ROOT}${url}`, { config: { open: true } }, async (_, reply) => this.health(reply));
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      url: '*',
      config: { open: true },
      handler: async (_, reply) =>
        reply.code(404).send({ text: 'The requested URL was not found on this server.', code: 404 }),
    });
  }

  /** The token, whatever the scheme it comes with: as the password of Basic credentials, its user does not matter. */
  authorization(request: FastifyRequest): string | undefined {
    const token = tokenOf(request);
    return token && `Bearer ${token}`;
  }

  /** The client of Splunk for Node sends again if its connection breaks, but not if it is told to come again. */
  hangsUp({ headers }: FastifyRequest): boolean {
    return headers['user-agent']?.startsWith('Needle/') === true;
  }

  async admit(request: RawRequest): Promise<string> {
    const { sources } = this.settings.now;
    const authorization = this.authorization(request);
    const own: string[] = [];
    for (const { name, credentials } of sources.values())
      if (credentials && (await isAuthorized(authorization, credentials))) own.push(name);
    if (own.length === 0 && areGuarded(sources)) throw new Refused('unauthorized');
    const [only] = own;
    if (only === undefined || own.length > 1) return `(${this.protocol})`;
    this.sourceOf.set(request, only);
    request.sources = [only];
    return only;
  }

  refused(
    name: RefusalName,
    detail: string | undefined,
    reply: FastifyReply,
    request: RawRequest,
  ): FastifyReply {
    const answer = name === 'unauthorized' ? whyUnauthorized(request) : HEC_REFUSALS[name];
    return say(reply, answer, detail === undefined ? {} : { detail });
  }

  private async events(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    const wrong = this.channelFault(request);
    if (wrong) return fault(request, reply, wrong);
    const body = await this.requests.inflated(request);
    const found = this.collector(request);
    const { good, bad } = readHecEvents(body, queryNames(request), found.take);
    if (found.count === 0) return fault(request, reply, 'no_data');
    if (bad && good === 0) return fault(request, reply, bad.fault, bad.number);
    return this.store(request, reply, found);
  }

  private async raw(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    const wrong = this.channelFault(request);
    if (wrong) return fault(request, reply, wrong);
    const body = await this.requests.inflated(request);
    const found = this.collector(request);
    const names = namesIn(queryNames(request));
    readHecRaw(body, (event) => found.take(names, event));
    return this.store(request, reply, found);
  }

  private collector(request: FastifyRequest): Collector {
    return new Collector(new EventsBySource(this.reception.find), this.sourceOf.get(request));
  }

  /** What is known is stored; of the rest its sender is told. */
  private async store(request: RawRequest, reply: FastifyReply, found: Collector): Promise<FastifyReply> {
    await this.requests.store(this, request, found.events);
    if (found.unknown !== undefined)
      return fault(request, reply, 'incorrect_index', found.unknown, 'unknown_source');
    const channel = this.channelOf(request);
    return say(
      reply,
      'success',
      channel === undefined ? {} : { ackId: this.channels.give(channel, Date.now()) },
    );
  }

  private get acknowledgements(): 'offered' | 'required' | 'off' {
    return this.settings.now.ingest.receivers.hec!.acknowledgements;
  }

  private channelOf(request: FastifyRequest): string | undefined {
    return this.acknowledgements === 'off' ? undefined : channelIn(request);
  }

  private channelFault(request: FastifyRequest): HecAnswer | undefined {
    const channel = this.channelOf(request);
    if (channel === undefined) return this.acknowledgements === 'required' ? 'channel_missing' : undefined;
    return GUID.test(channel) ? undefined : 'invalid_channel';
  }

  /** Never a 4xx where acknowledgements are on: Vector would take everything for delivered. */
  private async acknowledge(request: RawRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (this.acknowledgements === 'off') return fault(request, reply, 'ack_disabled');
    const ids = askedFor(await this.requests.inflated(request));
    const channel = channelIn(request);
    const acks = channel === undefined ? {} : this.channels.ask(channel, ids, Date.now());
    return reply.send({ acks });
  }

  private health(reply: FastifyReply): FastifyReply {
    try {
      this.pressure.check(`(${this.protocol})`);
      return say(reply, isReady(this.redis) ? 'healthy' : 'unhealthy');
    } catch (error) {
      if (error instanceof Refused) return say(reply, 'unhealthy');
      throw error;
    }
  }
}

type Handler = (request: RawRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** The events of a request. */
class Collector {
  count = 0;
  /** The first event whose name nobody knows. */
  unknown: number | undefined;

  /** @param source that all of them belong to, where the token tells */
  constructor(
    readonly events: EventsBySource,
    private readonly source: string | undefined,
  ) {}

  readonly take = (names: readonly string[], event: Uint8Array): void => {
    if (!this.events.add(this.source === undefined ? names : [this.source], event))
      this.unknown ??= this.count;
    this.count++;
  };
}

const say = (reply: FastifyReply, answer: HecAnswer, more: object = {}): FastifyReply => {
  const { status, code, text } = HEC_ANSWERS[answer];
  return reply.code(status).send({ text, code, ...more });
};

/** @param event the number of the one that is wrong */
function fault(
  request: RawRequest,
  reply: FastifyReply,
  answer: HecAnswer,
  event?: number,
  refusal: RefusalName = 'malformed',
): FastifyReply {
  request.refusal = refusal;
  return say(reply, answer, event === undefined ? {} : { 'invalid-event-number': event });
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(/ +(.*)/s, 2);
  switch (scheme.toLowerCase()) {
    case 'splunk':
    case 'bearer':
      return value;
    case 'basic':
      return Buffer.from(value, 'base64').toString().split(/:(.*)/s)[1];
    default:
      return undefined;
  }
}

function whyUnauthorized(request: FastifyRequest): HecAnswer {
  if (request.headers.authorization === undefined) return 'token_required';
  return tokenOf(request) ? 'invalid_token' : 'invalid_authorization';
}

const queryOf = ({ query }: FastifyRequest): Readonly<Record<string, unknown>> =>
  query as Record<string, unknown>;

function queryNames(request: FastifyRequest): HecNames {
  const query = queryOf(request);
  return Object.fromEntries(
    HEC_NAMES.flatMap((name) => (typeof query[name] === 'string' ? [[name, query[name]]] : [])),
  );
}

const namesIn = (names: HecNames): string[] => HEC_NAMES.flatMap((name) => names[name] ?? []);

function channelIn(request: FastifyRequest): string | undefined {
  const channel = request.headers['x-splunk-request-channel'] ?? queryOf(request).channel;
  return typeof channel === 'string' && channel !== '' ? channel : undefined;
}

/** The ids in `{"acks":[…]}`; none of what is not that. */
function askedFor(body: Buffer): number[] {
  if (body.length > LONGEST_QUESTION) return [];
  try {
    const { acks } = JSON.parse(body.toString()) as { acks?: unknown };
    return Array.isArray(acks) ? acks.filter((id): id is number => Number.isSafeInteger(id)) : [];
  } catch {
    return [];
  }
}
