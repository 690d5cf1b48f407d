import { Injectable, Logger } from '@nestjs/common';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SentEncoding } from '#batches';
import { isAuthorized } from '#listener';
import type { EventsBySource } from '#protocols';
import { LiveSettings, type Source } from '#settings';
import { inflated, readBody } from '../body.js';
import { Hold, Inflight } from '../inflight.js';
import { IngestMetrics } from '../ingest-metrics.js';
import { QueuePressure } from '../queue-pressure.js';
import { Reception } from '../reception.js';
import { REFUSALS, Refused, type Refusal, type RefusalName } from '../refusal.js';
import { SourceRates } from '../source-rates.js';
import { Submission, type Sender } from '../submission.js';
import { SenderGone, declaredLength, readBytes } from './body-bytes.js';
import type { HttpReceiver, RawRequest } from './receiver.js';

/** Refusals after which the same sender comes again, on the same connection. */
const KEEPS_CONNECTION: ReadonlySet<RefusalName> = new Set(['overloaded', 'rate_limited']);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without credentials, and not counted as a request of a sender. */
    open?: boolean;
    /** Stores nothing, so that the queue may be full. */
    control?: boolean;
  }
}

/** What all protocols over HTTP have in common: bodies as raw bytes, credentials, refusals, counts. */
@Injectable()
export class HttpRequests {
  private readonly logger = new Logger(HttpRequests.name);

  constructor(
    private readonly settings: LiveSettings,
    private readonly reception: Reception,
    private readonly inflight: Inflight,
    private readonly pressure: QueuePressure,
    private readonly rates: SourceRates,
    private readonly metrics: IngestMetrics,
  ) {}

  /**
   * Gives a receiver its routes, in a scope of its own. Bodies are taken as raw bytes whatever their Content-Type says,
   * since shippers send NDJSON as application/json and JSON as form data. Register before the app listens.
   */
  readonly scopeOf =
    (receiver: HttpReceiver) =>
    async (scope: FastifyInstance): Promise<void> => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (request: FastifyRequest) => this.read(request as RawRequest));
      scope.decorateRequest('hold');
      scope.decorateRequest('refusal', '');
      scope.decorateRequest('sources');
      scope.decorateRequest('contentType', '');
      scope.setErrorHandler((error: FastifyError | Refused, request, reply) =>
        this.refuse(receiver, error, request as RawRequest, reply),
      );
      scope.addHook('onRequest', async (request, reply) => {
        (request as RawRequest).contentType = (request.headers['content-type'] ?? '').toLowerCase();
        await this.admit(receiver, request as RawRequest, reply);
      });
      // Fastify refuses a Content-Type that is none before any parser sees the body.
      scope.addHook('preParsing', (request, _reply, _payload, done) => {
        request.raw.headers['content-type'] = 'application/octet-stream';
        done();
      });
      scope.addHook('onResponse', (request, reply, done) => {
        this.count(receiver, request as RawRequest, reply);
        done();
      });
      receiver.routes(scope);
    };

  /**
   * The body of a request after decompression.
   * @param encoding instead of its Content-Encoding
   * @throws Refused
   */
  inflated(request: RawRequest, encoding?: SentEncoding): Promise<Buffer> {
    const bytes = bodyOf(request);
    const sent = encoding ? { bytes, encoding } : readBody(bytes, request.headers['content-encoding']);
    return inflated(sent, this.settings.now.ingest.max_inflated, request.hold);
  }

  /**
   * Stores the events of a request.
   * @param key of its protocol, the same for every repeat of the same events
   * @throws Refused
   */
  async store(
    receiver: HttpReceiver,
    request: RawRequest,
    events: EventsBySource,
    key?: string,
  ): Promise<void> {
    const submission = new Submission(
      receiver.protocol,
      events,
      senderOf(receiver, request),
      request.hold,
      key,
    );
    const sources = submission.parts.map(({ source }) => source);
    request.sources = [...new Set(sources)];
    await this.reception.store(submission);
  }

  /** Credentials before anything else is told, and before the body is read. */
  private async admit(receiver: HttpReceiver, request: RawRequest, reply: FastifyReply): Promise<void> {
    if (request.routeOptions.config.open) return;
    const holder = receiver.admit ? await receiver.admit(request) : await this.admitAny(receiver, request);
    request.hold = new Hold(this.inflight, holder);
    reply.raw.once('close', () => request.hold.close());
  }

  private async admitAny(receiver: HttpReceiver, request: RawRequest): Promise<string> {
    if (!(await maySendAnything(senderOf(receiver, request), this.settings.now.sources)))
      throw new Refused('unauthorized');
    return `(${receiver.protocol})`;
  }

  /** Said before the body is read; again after one whose length was not known. */
  private async read(request: RawRequest): Promise<Buffer> {
    const { raw, hold } = request;
    if (!hold) return Buffer.alloc(0);
    if (request.routeOptions.config.control) return readBytes(raw, hold, this.largestBody(hold.source));
    const declared = declaredLength(raw);
    this.pressure.check(hold.source);
    this.rates.check(hold.source);
    if (declared !== undefined) this.rates.took(hold.source, declared);
    const bytes = await readBytes(raw, hold, this.largestBody(hold.source));
    if (declared === undefined) {
      this.rates.took(hold.source, bytes.length);
      this.pressure.check(hold.source, hold);
    }
    return bytes;
  }

  private largestBody(source: string): number {
    const { ingest, sources } = this.settings.now;
    return Math.min(ingest.max_body, sources.get(source)?.limits.maxBody ?? Infinity);
  }

  private refuse(
    receiver: HttpReceiver,
    error: FastifyError | Refused,
    request: RawRequest,
    reply: FastifyReply,
  ): FastifyReply {
    const name = refusalOf(error);
    request.refusal = name;
    const { status, retryAfter }: Refusal = REFUSALS[name];
    if (name === 'unavailable' && !isExpected(error)) this.logger.error(error);
    if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
    // Fastify closes after a body that it has not read to its end; Node throws the rest of it away instead.
    if (KEEPS_CONNECTION.has(name)) void reply.removeHeader('connection');
    if (name === 'unauthorized') void reply.header('www-authenticate', 'Bearer, Basic realm="statuslens"');
    void reply.code(status);
    if (status === 503 && receiver.hangsUp?.(request)) return this.hangUp(receiver, request, reply);
    return receiver.refused(name, error instanceof Refused ? error.detail : undefined, reply, request);
  }

  private hangUp(receiver: HttpReceiver, request: RawRequest, reply: FastifyReply): FastifyReply {
    this.count(receiver, request, reply);
    void reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }

  private count({ protocol }: HttpReceiver, request: RawRequest, reply: FastifyReply): void {
    if (request.routeOptions.config.open) return;
    const { refusal, sources = [] } = request;
    for (const source of sources.length > 0 ? sources : ['unknown'])
      this.metrics.requests.inc({ protocol, source, code: reply.statusCode, refusal });
  }
}

/** The body as it was sent; empty if there was none. */
export const bodyOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

const senderOf = (receiver: HttpReceiver, request: FastifyRequest): Sender => {
  const authorization = receiver.authorization
    ? receiver.authorization(request)
    : request.headers.authorization;
  return ({ credentials }) => isAuthorized(authorization, credentials);
};

type Sources = ReadonlyMap<string, Source>;

/** Whether any source demands credentials. */
export const areGuarded = (sources: Sources): boolean =>
  [...sources.values()].some(({ credentials }) => credentials !== undefined);

/** Where sources are guarded, a stranger is told nothing. */
async function maySendAnything(sender: Sender, sources: Sources): Promise<boolean> {
  if (!areGuarded(sources)) return true;
  for (const source of sources.values()) if (await sender(source)) return true;
  return false;
}

const isExpected = (error: Error): boolean => error instanceof Refused || error instanceof SenderGone;

/** An error that nobody expected is a 503: shippers drop the batch on a 500. */
function refusalOf(error: FastifyError | Refused): RefusalName {
  if (error instanceof Refused) return error.refusal;
  return error.statusCode === 413 ? 'too_large' : 'unavailable';
}
