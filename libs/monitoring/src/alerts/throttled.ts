import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { shareOfRequestsBy } from '../share.js';

/** Over a quota, of the vendor or of the gateway. */
export const throttled: Alert = {
  name: 'Throttled',
  severity: 'ticket',
  responsible: 'from the series',
  expression: (promql) =>
    shareOfRequestsBy(
      promql,
      LEDGER_METRICS.requests,
      ['source', 'vendor', 'responsible'],
      'reason="throttled"',
      0.05,
    ),
  hold: 'medium',
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} throttles its callers',
  description: '{{ $value | humanizePercentage }} of the requests were over a quota.',
  action:
    'Callers should keep to Retry-After. See on the Incident dashboard whether it is one consumer or many.',
  restsOn: 'The document of the vendor, or the gateway’s own limit where its log shows one.',
};
