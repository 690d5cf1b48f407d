import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Alerts are blind for this source meanwhile. */
export const linesLate: Alert = {
  name: 'LinesLate',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${promql.increase(LEDGER_METRICS.lateLines, ['source'], 'medium')}
/ ${promql.increase(LEDGER_METRICS.lines, ['source'], 'medium', 'outcome="classified"')}
>= 0.5
and
${promql.increase(LEDGER_METRICS.lateLines, ['source'], 'medium')} >= 20`,
  hold: 'short',
  ofSource: true,
  ofVendor: false,
  summary: 'lines of {{ $labels.source }} come too late to page anybody',
  description:
    '{{ $value | humanizePercentage }} of its lines were older than late_after when they were counted.',
  action:
    'A shipper that catches up ends this by itself. If it lasts: a slow shipper, a clock that is behind, or a log without a zone west of UTC.',
  restsOn: 'The times in the lines.',
};
