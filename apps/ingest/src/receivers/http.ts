import { Injectable, Inject } from '@nestjs/common';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '#settings';
import { BatchIntake } from '../batch-intake.js';
import { readBody } from '../body.js';
import { isAuthorized } from '../credentials.js';
import { Hold, Inflight } from '../inflight.js';
import { IngestMetrics } from '../ingest-metrics.js';
import { QueuePressure } from '../queue-pressure.js';
import { REFUSALS, Refused, refusalBody, type Refusal, type RefusalName } from '../refusal.js';
import { StorableBodies } from '../storable-bodies.js';
import { SETTINGS } from '../tokens.js';
import { declaredLength, readBytes } from './body-bytes.js';

const PROTOCOL = 'http';
const LONGEST_KEY = 255;

interface IngestRoute {
  Params: { source: string };
}
/** `hold`: the memory that its body takes. */
type IngestRequest = FastifyRequest<IngestRoute> & { hold: Hold };

/**
 * `POST /ingest/{source}` (PUT too; HEAD asks whether it would be taken). The body is taken as raw bytes whatever its
 * Content-Type says, since shippers send NDJSON as application/json and JSON as form data.
 */
@Injectable()
export class HttpReceiver {
  private readonly anyCredentials: boolean;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly bodies: StorableBodies,
    private readonly intake: BatchIntake,
    private readonly inflight: Inflight,
    private readonly pressure: QueuePressure,
    private readonly metrics: IngestMetrics,
  ) {
    this.anyCredentials = [...settings.sources.values()].some(({ credentials }) => credentials !== undefined);
  }

  /** A scope of its own: Nest's body parsers do not see these requests. Register before the app listens. */
  readonly routes = async (scope: FastifyInstance): Promise<void> => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (request: FastifyRequest) => this.read(request as IngestRequest));
    scope.decorateRequest('hold');
    scope.setErrorHandler((error: FastifyError | Refused, request, reply) =>
      this.refuse(error, request, reply),
    );
    scope.addHook<IngestRoute>('onRequest', async (request, reply) =>
      this.admit(request as IngestRequest, reply),
    );
    // Fastify refuses a Content-Type that is none before any parser sees the body.
    scope.addHook('preParsing', async (request) => {
      request.raw.headers['content-type'] = 'application/octet-stream';
    });
    scope.addHook<IngestRoute>('onResponse', async (request, reply) => this.count(request, reply));
    const url = '/ingest/:source';
    scope.route<IngestRoute>({
      method: ['POST', 'PUT'],
      url,
      handler: (request, reply) => this.take(request as IngestRequest, reply),
    });
    scope.route<IngestRoute>({
      method: 'HEAD',
      url,
      handler: async (_request, reply) => reply.code(200).send(),
    });
    scope.route<IngestRoute>({
      method: ['GET', 'PATCH', 'DELETE'],
      url,
      handler: () => {
        throw new Refused('method_not_allowed');
      },
    });
  };

  /** Credentials before anything else is told, and before the body is read. */
  private admit(request: IngestRequest, reply: FastifyReply): void {
    const source = this.settings.sources.get(request.params.source);
    const { authorization } = request.headers;
    if (source ? !isAuthorized(authorization, source.credentials) : !this.mayLearnNames(authorization))
      throw new Refused('unauthorized');
    if (!source)
      throw new Refused(
        'unknown_source',
        this.anyCredentials ? undefined : `Known are: ${[...this.settings.sources.keys()].join(', ')}.`,
      );
    request.hold = new Hold(this.inflight, source.name);
    reply.raw.once('close', () => request.hold.close());
  }

  /** Said before the body is read; again after one whose length was not known. */
  private async read(request: IngestRequest): Promise<Buffer> {
    const { raw, hold } = request;
    this.pressure.check(hold.source);
    const bytes = await readBytes(raw, hold, this.settings.ingest.max_body);
    if (declaredLength(raw) === undefined) this.pressure.check(hold.source, hold.bytes);
    return bytes;
  }

  /** Where sources are guarded, a stranger is not told which names exist. */
  private mayLearnNames(authorization: string | undefined): boolean {
    if (!this.anyCredentials) return true;
    return [...this.settings.sources.values()].some(
      ({ credentials }) => credentials !== undefined && isAuthorized(authorization, credentials),
    );
  }

  private async take(request: IngestRequest, reply: FastifyReply): Promise<FastifyReply> {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || key.length === 0 || key.length > LONGEST_KEY))
      throw new Refused('bad_key');
    const sent = readBody(bytes, request.headers['content-encoding']);
    const body = await this.bodies.of(request.params.source, sent, request.hold);
    const { id, accepted } = await this.intake.take(request.params.source, body, key);
    return reply.code(202).send({ status: accepted, batch: id });
  }

  private refuse(error: FastifyError | Refused, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const name = refusalOf(error);
    const { status, retryAfter }: Refusal = REFUSALS[name];
    if (name === 'unavailable' && !(error instanceof Refused)) request.log.error(error);
    if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
    // Fastify closes after a body that it has not read to its end; Node throws the rest of it away instead.
    if (name === 'overloaded') void reply.removeHeader('connection');
    if (name === 'unauthorized') void reply.header('www-authenticate', 'Bearer, Basic realm="statuslens"');
    if (name === 'method_not_allowed') void reply.header('allow', 'POST, PUT, HEAD');
    return reply.code(status).send(refusalBody(name, error instanceof Refused ? error.detail : undefined));
  }

  private count(request: FastifyRequest<IngestRoute>, reply: FastifyReply): void {
    const source = this.settings.sources.has(request.params.source) ? request.params.source : 'unknown';
    this.metrics.requests.inc({ protocol: PROTOCOL, source, code: reply.statusCode });
  }
}

/** An error that nobody expected is a 503: shippers drop the batch on a 500. */
function refusalOf(error: FastifyError | Refused): RefusalName {
  if (error instanceof Refused) return error.refusal;
  return error.statusCode === 413 ? 'too_large' : 'unavailable';
}
