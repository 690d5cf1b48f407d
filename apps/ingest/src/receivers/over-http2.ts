import type { ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { fastify, type FastifyInstance } from 'fastify';
import { http2Server } from '#listener';
import type { Listener } from '#settings';
import { HttpRequests } from './http-requests.js';
import type { HttpReceiver } from './receiver.js';
import type { Transport } from './transport.js';

/** So long a call that has begun is waited for when the app departs. */
const PATIENCE_MS = 3000;

/**
 * Opens a receiver that speaks HTTP/2 on a port of its own, as gRPC does. All that is said and done about requests over
 * HTTP holds for it: credentials and room come before the body, and each byte is held from the first.
 */
export const overHttp2 =
  (receiver: Type<HttpReceiver>): Transport<Listener> =>
  async (listener, { modules, setting, tell }) => {
    const server = fastify({
      http2: true,
      return503OnClosing: false,
      serverFactory: http2Server(listener, setting, tell),
      exposeHeadRoutes: false,
    });
    const sessions = new Set<ServerHttp2Session>();
    server.server.on('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
    });
    // each is told that it ends (GOAWAY), and ends with the last of its calls
    server.addHook('preClose', async () => {
      for (const session of sessions) session.close();
      setTimeout(() => sessions.forEach((session) => session.destroy()), PATIENCE_MS).unref();
    });
    // Fastify has a type of its own for HTTP/2; its requests are the same to those who read them
    await (server as unknown as FastifyInstance).register(
      modules.get(HttpRequests).scopeOf(modules.get(receiver)),
    );
    await server.listen({ host: listener.host, port: listener.port });
    return { address: server.server.address() as AddressInfo, close: () => server.close() };
  };
