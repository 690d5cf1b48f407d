import type { FastifyInstance } from 'fastify';
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
  app.addHook('onRequest', async (request, reply) => {
    if (open.has(request.routeOptions.url)) return;
    if (await isAuthorized(request.headers.authorization, credentials())) return;
    await reply
      .code(401)
      .header('www-authenticate', 'Bearer, Basic realm="statuslens"')
      .send({ error: 'unauthorized', message: 'The credentials are missing or wrong.' });
  });
}
