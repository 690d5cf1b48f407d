import { Injectable, Logger } from '@nestjs/common';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAuthorized } from '#listener';
import { LiveSettings, type Source } from '#settings';
import { BatchIntake } from '../batch-intake.js';
import { readBody } from '../body.js';
import { Hold, Inflight } from '../inflight.js';
import { IngestMetrics } from '../ingest-metrics.js';
import { QueuePressure } from '../queue-pressure.js';
import { REFUSALS, Refused, refusalBody, type Refusal, type RefusalName } from '../refusal.js';
import { SourceRates } from '../source-rates.js';
import { StorableBodies } from '../storable-bodies.js';
import { declaredLength, readBytes } from './body-bytes.js';

/** Has credentials of its own for each source. */
export const INGEST_ROUTE = '/ingest/:source';
const PROTOCOL = 'http';
const LONGEST_KEY = 255;
/** Refusals after which the same sender comes again, on the same connection. */
const KEEPS_CONNECTION: ReadonlySet<RefusalName> = new Set(['overloaded', 'rate_limited']);

interface IngestRoute {
  Params: { source: string };
}
/** `hold`: the memory that its body takes; `refusal`: why it was refused, empty if it was not. */
type IngestRequest = FastifyRequest<IngestRoute> & { hold: Hold; refusal: RefusalName | '' };

/**
 * `POST /ingest/{source}` (PUT too; HEAD asks whether it would be taken). The body is taken as raw bytes whatever its
 * Content-Type says, since shippers send NDJSON as application/json and JSON as form data.
 */
@Injectable()
export class HttpReceiver {
  private readonly logger = new Logger(HttpReceiver.name);

  constructor(
    private readonly settings: LiveSettings,
    private readonly bodies: StorableBodies,
    private readonly intake: BatchIntake,
    private readonly inflight: Inflight,
    private readonly pressure: QueuePressure,
    private readonly rates: SourceRates,
    private readonly metrics: IngestMetrics,
  ) {}

  /** A scope of its own: Nest's body parsers do not see these requests. Register before the app listens. */
  readonly routes = async (scope: FastifyInstance): Promise<void> => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (request: FastifyRequest) => this.read(request as IngestRequest));
    scope.decorateRequest('hold');
    scope.decorateRequest('refusal', '');
    scope.setErrorHandler((error: FastifyError | Refused, request, reply) =>
      this.refuse(error, request as IngestRequest, reply),
    );
    scope.addHook<IngestRoute>('onRequest', async (request, reply) =>
      this.admit(request as IngestRequest, reply),
    );
    // Fastify refuses a Content-Type that is none before any parser sees the body.
    scope.addHook('preParsing', async (request) => {
      request.raw.headers['content-type'] = 'application/octet-stream';
    });
    scope.addHook<IngestRoute>('onResponse', async (request, reply) =>
      this.count(request as IngestRequest, reply),
    );
    const url = INGEST_ROUTE;
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
  private async admit(request: IngestRequest, reply: FastifyReply): Promise<void> {
    const { sources } = this.settings.now;
    const source = sources.get(request.params.source);
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
    request.hold = new Hold(this.inflight, source.name);
    reply.raw.once('close', () => request.hold.close());
  }

  /** Said before the body is read; again after one whose length was not known. */
  private async read(request: IngestRequest): Promise<Buffer> {
    const { raw, hold } = request;
    const declared = declaredLength(raw);
    this.pressure.check(hold.source);
    this.rates.check(hold.source);
    if (declared !== undefined) this.rates.took(hold.source, declared);
    const bytes = await readBytes(raw, hold, this.largestBody(hold.source));
    if (declared === undefined) {
      this.rates.took(hold.source, bytes.length);
      this.pressure.check(hold.source, hold.bytes);
    }
    return bytes;
  }

  private largestBody(source: string): number {
    const { ingest, sources } = this.settings.now;
    return Math.min(ingest.max_body, sources.get(source)?.limits.maxBody ?? Infinity);
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

  private refuse(error: FastifyError | Refused, request: IngestRequest, reply: FastifyReply): FastifyReply {
    const name = refusalOf(error);
    request.refusal = name;
    const { status, retryAfter }: Refusal = REFUSALS[name];
    if (name === 'unavailable' && !(error instanceof Refused)) this.logger.error(error);
    if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
    // Fastify closes after a body that it has not read to its end; Node throws the rest of it away instead.
    if (KEEPS_CONNECTION.has(name)) void reply.removeHeader('connection');
    if (name === 'unauthorized') void reply.header('www-authenticate', 'Bearer, Basic realm="statuslens"');
    if (name === 'method_not_allowed') void reply.header('allow', 'POST, PUT, HEAD');
    return reply.code(status).send(refusalBody(name, error instanceof Refused ? error.detail : undefined));
  }

  private count(request: IngestRequest, reply: FastifyReply): void {
    const source = this.settings.now.sources.has(request.params.source) ? request.params.source : 'unknown';
    const { refusal } = request;
    this.metrics.requests.inc({ protocol: PROTOCOL, source, code: reply.statusCode, refusal });
  }
}

type Sources = ReadonlyMap<string, Source>;

const areGuarded = (sources: Sources): boolean =>
  [...sources.values()].some(({ credentials }) => credentials !== undefined);

/** Where sources are guarded, a stranger is not told which names exist. */
async function mayLearnNames(authorization: string | undefined, sources: Sources): Promise<boolean> {
  if (!areGuarded(sources)) return true;
  for (const { credentials } of sources.values())
    if (credentials && (await isAuthorized(authorization, credentials))) return true;
  return false;
}

/** An error that nobody expected is a 503: shippers drop the batch on a 500. */
function refusalOf(error: FastifyError | Refused): RefusalName {
  if (error instanceof Refused) return error.refusal;
  return error.statusCode === 413 ? 'too_large' : 'unavailable';
}
