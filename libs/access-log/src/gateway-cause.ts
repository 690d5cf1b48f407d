import { BY_GATEWAY, CAUSES, type Cause, type Request } from './request.js';

const indexOfCause = (cause: Cause): number => CAUSES.indexOf(cause);

export const UNSPECIFIED = indexOfCause('unspecified');
export const UPSTREAM_TIMEOUT = indexOfCause('upstream_timeout');
export const UPSTREAM_UNREACHABLE = indexOfCause('upstream_unreachable');
const GATEWAY_REJECTED = indexOfCause('gateway_rejected');
export const THROTTLED = indexOfCause('throttled');
export const GATEWAY_ERROR = indexOfCause('gateway_error');
export const CLIENT_CLOSED = indexOfCause('client_closed');

/** Why a gateway answers without asking anybody, as far as its status tells. */
export function causeWithoutUpstream(code: number): number {
  if (code < 400) return UNSPECIFIED;
  if (code === 499) return CLIENT_CLOSED;
  if (code === 429) return THROTTLED;
  return code < 500 ? GATEWAY_REJECTED : GATEWAY_ERROR;
}

/** The gateway made the status by itself. */
export function byGateway(request: Request, cause: number): void {
  request.origin = BY_GATEWAY;
  request.cause = cause;
}
