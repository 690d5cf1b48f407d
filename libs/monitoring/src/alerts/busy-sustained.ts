import type { Alert } from '../alert.js';
import { shareOfRequests } from '../share.js';

/** Busy for so long that it is no hiccup. */
export const busySustained: Alert = {
  name: 'BusySustained',
  severity: 'ticket',
  responsible: 'from the series',
  expression: (promql) =>
    shareOfRequests(
      promql,
      ['source', 'vendor', 'responsible'],
      'verdict="retryable_busy", responsible!~"client|client_or_service"',
      0.05,
    ),
  hold: 'medium',
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} is busy',
  description: '{{ $value | humanizePercentage }} of its requests were told to come back later.',
  action:
    'Callers should wait and repeat, as the document says. If it lasts, look at the load of the API server and of the array.',
  restsOn: 'The document of the vendor; where Retry-After is not logged, some of these may be permanent.',
};
