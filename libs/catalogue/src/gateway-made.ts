import type { Outcome, StatusReading } from './status-reading.js';
import type { Action, Reason, Responsible } from './vocabulary.js';

/**
 * Statuses that a gateway made itself. No vendor's document speaks of them; they are read from what the
 * gateway's own log says, and where that is silent, from the status.
 */

/** Why a gateway answered by itself. `unspecified` where the log only shows that it did. */
export const GATEWAY_CAUSES = [
  'unspecified',
  'upstream_timeout',
  'upstream_unreachable',
  'gateway_rejected',
  'throttled',
  'gateway_error',
  'client_closed',
] as const;
export type GatewayCause = (typeof GATEWAY_CAUSES)[number];

/** Statuses that gateways are known to make, and why: their series exist before the first one is seen. */
export const GATEWAY_STATUSES: ReadonlyMap<number, readonly GatewayCause[]> = new Map([
  [400, ['gateway_rejected']],
  [403, ['gateway_rejected']],
  [404, ['gateway_rejected']],
  [408, ['gateway_rejected']],
  [413, ['gateway_rejected']],
  [414, ['gateway_rejected']],
  [429, ['throttled']],
  [431, ['gateway_rejected']],
  [494, ['gateway_rejected']],
  [499, ['client_closed']],
  [500, ['gateway_error']],
  [502, ['upstream_unreachable']],
  [503, ['upstream_unreachable', 'throttled', 'gateway_error']],
  [504, ['upstream_timeout']],
]);

const CITATION = "the gateway's own access log; no vendor document speaks of a status that a gateway made";

/** A silent upstream makes the storage service responsible: the gateway is only the messenger. */
const ACTS: Record<Exclude<GatewayCause, 'unspecified'>, [Responsible, Action]> = {
  upstream_timeout: ['service', 'unspecified'],
  upstream_unreachable: ['service', 'unspecified'],
  gateway_rejected: ['client', 'fix_and_retry'],
  throttled: ['client', 'retry_later'],
  gateway_error: ['gateway', 'unspecified'],
  client_closed: ['client', 'none'],
};

/** How to read a status that the gateway made, given why it did. */
export function gatewayReading(code: number, cause: GatewayCause): StatusReading {
  const reason = code < 400 ? rfcReason(code) : cause === 'unspecified' ? likelyCause(code) : cause;
  const [responsible, action] = code < 400 ? rfcActs(reason) : ACTS[reason as keyof typeof ACTS];
  const guessed = cause === 'unspecified' && code >= 500;
  const outcome: Outcome = {
    reason,
    responsible,
    action,
    basis: 'inferred',
    flags: code < 400 ? ['rfc_hint'] : guessed ? ['conditional'] : [],
    citation: CITATION,
    origin: 'gateway',
  };
  const waits = {
    literals: [{ condition: { kind: 'retry_after' }, negated: false }],
    castsDoubt: false,
  } as const;
  return {
    outcome,
    exceptions:
      reason === 'throttled' ? [{ ...waits, outcome: { ...outcome, action: 'wait_retry_after' } }] : [],
  };
}

function likelyCause(code: number): Exclude<GatewayCause, 'unspecified'> {
  if (code === 502 || code === 503) return 'upstream_unreachable';
  if (code === 504) return 'upstream_timeout';
  if (code === 499) return 'client_closed';
  if (code === 429) return 'throttled';
  return code < 500 ? 'gateway_rejected' : 'gateway_error';
}

/** RFC 9110, section 15: a gateway's redirects and cache hits mean what the RFC says. */
function rfcReason(code: number): Reason {
  if (code < 200) return 'informational';
  if (code < 300) return 'success';
  return code === 304 ? 'not_modified' : 'redirect';
}

const rfcActs = (reason: Reason): [Responsible, Action] => [
  'nobody',
  reason === 'redirect' ? 'follow_location' : 'none',
];
