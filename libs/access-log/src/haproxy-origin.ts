import {
  CLIENT_CLOSED,
  GATEWAY_ERROR,
  UNSPECIFIED,
  UPSTREAM_TIMEOUT,
  UPSTREAM_UNREACHABLE,
  causeWithoutUpstream,
} from './gateway-cause.js';
import { BY_GATEWAY, BY_UNKNOWN, BY_VENDOR, type Request } from './request.js';

/** Who was to answer: a server by its name, nobody of a backend, or nobody, since no backend was chosen either. */
export const BY_SERVER = 0;
export const NO_SERVER = 1;
export const NO_BACKEND = 2;

/**
 * Sets origin and cause by the first two letters of `%tsc`: what ended the session, and in which phase.
 * https://docs.haproxy.org/3.0/configuration.html#8.5
 */
export function readTermination(first: string, phase: string, server: number, request: Request): void {
  const isOfServer = server === BY_SERVER && (first === '-' || phase === 'D' || phase === 'L');
  request.cause = isOfServer ? UNSPECIFIED : causeOf(first, phase, server, request.code);
  request.origin = isOfServer ? BY_VENDOR : request.cause < 0 ? BY_UNKNOWN : BY_GATEWAY;
  if (request.cause < 0) request.cause = UNSPECIFIED;
}

/** @returns an index of CAUSES, or -1 for a letter that nobody documents */
function causeOf(first: string, phase: string, server: number, code: number): number {
  if (code < 400) return UNSPECIFIED;
  switch (first) {
    case 's':
    case 'S':
      if (phase === 'Q' || server === NO_BACKEND) return GATEWAY_ERROR;
      return (first === 's' && phase === 'H') || code === 504 ? UPSTREAM_TIMEOUT : UPSTREAM_UNREACHABLE;
    case 'D': // the server was found to be down
      return UPSTREAM_UNREACHABLE;
    case 'C':
      return CLIENT_CLOSED;
    case 'R':
    case 'I':
    case 'K':
    case 'U':
      return GATEWAY_ERROR;
    case 'c': // the client was too slow: a 408 of HAProxy
    case 'P':
    case 'L':
    case '-':
      return causeWithoutUpstream(code);
    default:
      return -1;
  }
}
