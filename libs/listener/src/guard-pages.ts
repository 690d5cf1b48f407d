import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Credentials } from '#settings';
import { isAuthorized } from './credentials.js';

/** Says nothing but that the process lives. */
const ALWAYS_OPEN = '/healthz';

/**
 * Has every page demand credentials, also those that do not exist.
 * @param unguarded routes that have a guard of their own
 */
export function guardPages(
  app: FastifyInstance,
  credentials: () => Credentials | undefined,
  unguarded: readonly string[] = [],
): void {
  const open = new Set<string | undefined>([ALWAYS_OPEN, ...unguarded]);
  const guard = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (await isAuthorized(request.headers.authorization, credentials())) return;
    await reply
      .code(401)
      .header('www-authenticate', 'Bearer, Basic realm="statuslens"')
      .send({ error: 'unauthorized', message: 'The credentials are missing or wrong.' });
  };
  // a promise for each request of a route that is open costs more than to look
  app.addHook('onRequest', (request, reply, done) => {
    if (open.has(request.routeOptions.url)) done();
    else return guard(request, reply);
  });
}
