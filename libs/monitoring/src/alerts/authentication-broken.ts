import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { indent } from '../promql.js';
import { sessionRequests } from '../session-requests.js';

/** Logins fail and none succeeds; not the routine 401 of a token that ran out. */
export const authenticationBroken: Alert = {
  name: 'AuthenticationBroken',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => `(
${indent(sessionRequests(promql, 'verdict="client_fault"', 3))}
)
unless
(
${indent(sessionRequests(promql, 'verdict=~"ok|accepted"', 1))}
)
and
${promql.increase(LEDGER_METRICS.requests, ['source', 'vendor'], 'medium', 'reason="authentication"')} > 0`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'nobody can log in to {{ $labels.vendor }} behind {{ $labels.source }}',
  description: '{{ $value | humanize }} attempts to create a session failed, and none succeeded.',
  action:
    'Check the credentials of the callers, then the user directory of the vendor. The routine 401 of an expired token is not counted here.',
  restsOn:
    'The path of the requests: a 401 on creating a session is a failed login, elsewhere it may be an expired token.',
};
