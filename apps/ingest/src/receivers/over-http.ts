import { maxHeaderSize } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { fastify } from 'fastify';
import { Departure, closeConnectionsOnDeparture } from '#lifecycle';
import { httpServer } from '#listener';
import type { Listener } from '#settings';
import { HttpRequests } from './http-requests.js';
import type { HttpReceiver } from './receiver.js';
import type { Transport } from './transport.js';

/** Opens a receiver that speaks HTTP on a port of its own. */
export const overHttp =
  (receiver: Type<HttpReceiver>): Transport<Listener> =>
  async (listener, { modules, setting, tell }) => {
    const server = fastify({
      return503OnClosing: false,
      serverFactory: httpServer(listener, setting, tell),
      routerOptions: { maxParamLength: maxHeaderSize, ignoreTrailingSlash: true },
      exposeHeadRoutes: false,
    });
    closeConnectionsOnDeparture(server, modules.get(Departure));
    await server.register(modules.get(HttpRequests).scopeOf(modules.get(receiver)));
    await server.listen({ host: listener.host, port: listener.port });
    return { address: server.server.address() as AddressInfo, close: () => server.close() };
  };
