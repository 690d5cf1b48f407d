import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Bad input, counted. */
export const linesRejected: Alert = {
  name: 'LinesRejected',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (
    promql,
  ) => `${promql.increase(LEDGER_METRICS.lines, ['source'], 'medium', 'outcome="rejected"')}
/ ${promql.increase(LEDGER_METRICS.lines, ['source'], 'medium')}
>= 0.01
and
${promql.increase(LEDGER_METRICS.lines, ['source'], 'medium', 'outcome="rejected"')} >= 20`,
  ofSource: true,
  ofVendor: false,
  summary: 'lines of {{ $labels.source }} cannot be read',
  description:
    '{{ $value | humanizePercentage }} of its lines were rejected; statuslens_rejected_lines_total has the reasons.',
  action:
    'statuslens rejected shows a few of the lines for each reason. Most often the format of the source is another one.',
  restsOn: 'The lines themselves; the good ones among them are counted all the same.',
};
