import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { NOT_OK } from '../promql.js';

/** The same override for one device. */
export const deviceMostlyFailing: Alert = {
  name: 'DeviceMostlyFailing',
  severity: 'page',
  responsible: 'platform',
  expression: (promql) =>
    promql.ofThePresent(
      `${promql.rate(LEDGER_METRICS.device, ['source', 'vendor', 'device', 'verdict'], 'short', NOT_OK)}
/ on (${promql.by('source', 'vendor', 'device')}) group_left ()
${promql.rate(LEDGER_METRICS.device, ['source', 'vendor', 'device'], 'short')}
>= 0.5
and
${promql.increase(LEDGER_METRICS.device, ['source', 'vendor', 'device', 'verdict'], 'short', NOT_OK)} >= 20
and on (${promql.by('source', 'vendor', 'device')})
${promql.value(LEDGER_METRICS.device, ['source', 'vendor', 'device'], 'verdict=~"ok|accepted"')} > 0`,
    ),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary:
    'device {{ $labels.device }} of {{ $labels.vendor }} behind {{ $labels.source }} answers mostly {{ $labels.verdict }}',
  description:
    '{{ $value | humanizePercentage }} of the requests to {{ $labels.device }} got {{ $labels.verdict }}.',
  action:
    'Compare with other devices behind the same gateway: if they are fine, it is this device or its registration.',
  restsOn:
    'The device that the path of a request names; paths without one are not seen here. A device that never answered well counts as a name that a caller mistyped.',
};
