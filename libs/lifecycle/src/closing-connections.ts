import type { Server, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Departure } from './departure.js';

/** So long a connection on which nothing has come yet is waited for: its request may be on the way. */
const FIRST_BYTE_MS = 1000;

/**
 * Sees to it that no sender is cut short when the app departs, and that none holds it up. To be called before any
 * route is there. From the announcement on each answer closes its connection; the idle ones are closed at the end, by
 * Fastify, and those that never said anything a moment later.
 */
export function closeConnectionsOnDeparture(fastify: FastifyInstance, departure: Departure): void {
  const sockets = openSockets(fastify.server);
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    // not before the body has been read to its end: the sender, still writing, would not see the answer
    if (departure.isAnnounced && request.raw.complete) void reply.header('connection', 'close');
    done();
  });
  fastify.addHook('preClose', async () => {
    setTimeout(() => {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, FIRST_BYTE_MS).unref();
  });
}

function openSockets(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}
