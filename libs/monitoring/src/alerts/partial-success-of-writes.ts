import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Unsafe to repeat. */
export const partialSuccessOfWrites: Alert = {
  name: 'PartialSuccessOfWrites',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) =>
    promql.atLeast(
      1,
      LEDGER_METRICS.route,
      ['source', 'vendor'],
      'long',
      'verdict="partial_success", method!~"GET|HEAD|OPTIONS"',
    ),
  ofSource: true,
  ofVendor: true,
  summary: 'writes to {{ $labels.vendor }} behind {{ $labels.source }} succeeded in part',
  description: '{{ $value | humanize }} writes changed some of their members and failed for others.',
  action:
    'Do not send them again as they are: what succeeded would be done twice. Read the response, fix and send only the members that failed.',
  restsOn: 'Evidence from the body; a source that does not log partial_success never raises this.',
};
