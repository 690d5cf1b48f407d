import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Safe to repeat, but the answer has holes. */
export const partialSuccessOfReads: Alert = {
  name: 'PartialSuccessOfReads',
  severity: 'ticket',
  responsible: 'service',
  expression: (promql) =>
    promql.atLeast(
      5,
      LEDGER_METRICS.route,
      ['source', 'vendor'],
      'long',
      'verdict="partial_success", method=~"GET|HEAD|OPTIONS"',
    ),
  ofSource: true,
  ofVendor: true,
  summary: 'reads from {{ $labels.vendor }} behind {{ $labels.source }} are incomplete',
  description: '{{ $value | humanize }} reads returned some of their members only.',
  action: 'Safe to repeat. If it lasts, ask which members fail: often one array behind the API.',
  restsOn: 'Evidence from the body; a source that does not log partial_success never raises this.',
};
