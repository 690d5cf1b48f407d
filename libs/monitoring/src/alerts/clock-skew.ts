import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Times from the future: a clock, or a zone. */
export const clockSkew: Alert = {
  name: 'ClockSkew',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${promql.increase(LEDGER_METRICS.futureLines, ['source'], 'medium')}
/ ${promql.increase(LEDGER_METRICS.lines, ['source'], 'medium', 'outcome="classified"')}
>= 0.01
and
${promql.increase(LEDGER_METRICS.futureLines, ['source'], 'medium')} >= 20`,
  ofSource: true,
  ofVendor: false,
  summary: 'the clock of {{ $labels.source }} is ahead',
  description: '{{ $value | humanizePercentage }} of its lines are dated after they were received.',
  action:
    'Check time synchronisation on the gateway. A log without a zone (HAProxy) is read as UTC: run the gateway with TZ=UTC.',
  restsOn: 'The times in the lines.',
};
