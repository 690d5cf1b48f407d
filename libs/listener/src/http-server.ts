import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { Listener } from '#settings';
import { checkClients, keepCertificate, tlsOptions } from './tls.js';

/** Longer than any shipper keeps an idle connection (75 s), so that it is never the server that closes it first. */
const KEEP_ALIVE_MS = 90_000;

/** How late a deadline may be kept; Node looks at all connections that often. */
const CHECK_EVERY_MS = 1000;

/** A request line and all headers; Node answers 431 to more. */
const MOST_HEADER_BYTES = 16 * 1024;

/**
 * The server of a listener, with its certificates and deadlines.
 * @param setting its name, such as `ingest.listen`
 * @param tell told of certificates that cannot be used when they are read again
 * @throws UnusableTls
 */
export function httpServer(
  listener: Listener,
  setting: string,
  tell: (problem: string) => void,
): (handler: RequestListener) => Server {
  const { tls, headers_timeout, request_timeout, max_connections } = listener;
  const limits = {
    headersTimeout: headers_timeout,
    requestTimeout: Math.max(request_timeout, headers_timeout),
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    maxHeaderSize: MOST_HEADER_BYTES,
    insecureHTTPParser: false,
  };
  return (handler) => {
    const server = tls
      ? https.createServer(
          { ...limits, ...tlsOptions(tls), handshakeTimeout: headers_timeout },
          safely(handler),
        )
      : http.createServer(limits, safely(handler));
    server.maxConnections = max_connections;
    if (tls && server instanceof https.Server) {
      checkClients(server, tls);
      keepCertificate(server, tls, (problem) => tell(`${setting}.tls: ${problem}; the old one stays in use`));
    }
    return server;
  };
}

/**
 * HTTP/1.0 has no chunks, so whoever forwards them may see another end of the request than Node does. RFC 9112, 6.1,
 * has the connection closed; what Node has read behind that end is not served.
 */
function safely(handler: RequestListener): RequestListener {
  const closing = new WeakSet<object>();
  return (request, response) => {
    if (closing.has(request.socket)) return;
    if (!isAmbiguous(request)) return void handler(request, response);
    closing.add(request.socket);
    response.writeHead(400, { connection: 'close' }).end(() => request.socket.destroy());
  };
}

const isAmbiguous = ({ httpVersionMajor, httpVersionMinor, headers }: IncomingMessage): boolean =>
  httpVersionMajor === 1 && httpVersionMinor === 0 && headers['transfer-encoding'] !== undefined;
