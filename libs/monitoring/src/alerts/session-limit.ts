import type { Alert } from '../alert.js';
import { sessionRequests } from '../session-requests.js';

/** The limit on sessions, which looks like any other 503. */
export const sessionLimit: Alert = {
  name: 'SessionLimit',
  severity: 'ticket',
  responsible: 'client_or_service',
  expression: (promql) => sessionRequests(promql, 'verdict="retryable_busy"', 5),
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} refuses new sessions',
  description: '{{ $value | humanize }} requests for a session were refused as busy.',
  action:
    'The number of sessions is limited: look for a caller that creates sessions and does not discard them.',
  restsOn: 'The path of the requests; a 503 on creating a session is how this vendor shows the limit.',
};
