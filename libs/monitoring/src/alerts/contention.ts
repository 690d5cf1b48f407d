import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { shareOfRequestsBy } from '../share.js';

/** Conflicts and failed preconditions. */
export const contention: Alert = {
  name: 'Contention',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) =>
    shareOfRequestsBy(
      promql,
      LEDGER_METRICS.requests,
      ['source', 'vendor', 'reason'],
      'reason=~"conflict|precondition"',
      0.05,
    ),
  hold: 'medium',
  ofSource: true,
  ofVendor: true,
  summary: 'callers of {{ $labels.vendor }} behind {{ $labels.source }} get into each other’s way',
  description: '{{ $value | humanizePercentage }} of the requests failed with {{ $labels.reason }}.',
  action:
    'Callers change the same resources at once, or with stale versions: read again, then change. Locks left behind must be released. /explain says where a precondition is about the state of the system instead.',
  restsOn: 'The document of the vendor.',
};
