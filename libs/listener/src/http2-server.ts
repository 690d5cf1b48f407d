import http2, { type Http2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import tls from 'node:tls';
import type { Listener } from '#settings';
import { checkClients, keepCertificate, tlsOptions } from './tls.js';

/** Requests at a time on one connection; who sends more of them waits. */
const MOST_STREAMS = 100;
const MOST_HEADER_BYTES = 16 * 1024;
/** After so long without a word a connection is closed, in order: its sender opens another. */
const IDLE_MS = 10 * 60_000;

/**
 * The server of a listener that speaks HTTP/2 and nothing else: over TLS, or as those do who know that it does.
 * @param setting its name, such as `ingest.receivers.otlp_grpc`
 * @param tell told of certificates that cannot be used when they are read again
 * @throws UnusableTls
 */
export function http2Server(
  listener: Listener,
  setting: string,
  tell: (problem: string) => void,
): (handler: (request: Http2ServerRequest, response: Http2ServerResponse) => void) => Http2Server {
  const { tls: files, headers_timeout, request_timeout, max_connections } = listener;
  const limits = { settings: { maxConcurrentStreams: MOST_STREAMS, maxHeaderListSize: MOST_HEADER_BYTES } };
  return (handler) => {
    const server = files
      ? http2.createSecureServer({ ...limits, ...tlsOptions(files), handshakeTimeout: headers_timeout })
      : http2.createServer(limits);
    server.maxConnections = max_connections;
    server.on('session', (session) => session.setTimeout(IDLE_MS, () => session.close()));
    server.on('request', (request, response) => {
      const { stream } = request;
      const timer = setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), request_timeout);
      stream.once('close', () => clearTimeout(timer));
      handler(request, response);
    });
    if (files && server instanceof tls.Server) {
      checkClients(server, files);
      keepCertificate(server, files, (problem) =>
        tell(`${setting}.tls: ${problem}; the old one stays in use`),
      );
    }
    return server;
  };
}
