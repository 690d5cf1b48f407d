import net, { type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import type { Tls } from '#settings';
import { checkClients, keepCertificate, tlsOptions } from './tls.js';

const HANDSHAKE_MS = 20_000;

/** After so long without a word the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 60_000;

/** Where a {@link streamServer} listens, and for how many. */
export interface StreamBounds {
  readonly tls: Tls | undefined;
  readonly max_connections: number;
}

/**
 * A TCP server, or a TLS one. A sender that has ended its side can still be answered.
 * @param setting its name, such as `ingest.receivers.forward`
 * @param tell told of certificates that cannot be used when they are read again, and of failed handshakes
 * @throws UnusableTls
 */
export function streamServer(
  { tls: files, max_connections }: StreamBounds,
  setting: string,
  tell: (problem: string) => void,
  take: (socket: Socket) => void,
): Server {
  const options = {
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  };
  const server = files
    ? tls.createServer({ ...options, ...tlsOptions(files), handshakeTimeout: HANDSHAKE_MS }, take)
    : net.createServer(options, take);
  server.maxConnections = max_connections;
  if (files && server instanceof tls.Server) {
    checkClients(server, files);
    keepCertificate(server, files, (problem) => tell(`${setting}.tls: ${problem}; the old one stays in use`));
    server.on('tlsClientError', ({ message }) => tell(`${setting}: a handshake failed: ${message}`));
  }
  return server;
}
