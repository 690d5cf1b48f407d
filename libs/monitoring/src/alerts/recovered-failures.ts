import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Failures that the gateway repaired before callers saw them. */
export const recoveredFailures: Alert = {
  name: 'RecoveredFailures',
  severity: 'ticket',
  responsible: 'service_or_device',
  expression: (promql) => `${promql.increase(LEDGER_METRICS.recovered, ['source', 'vendor'], 'long')}
/ ${promql.increase(LEDGER_METRICS.requests, ['source', 'vendor'], 'long')}
>= 0.01
and
${promql.increase(LEDGER_METRICS.recovered, ['source', 'vendor'], 'long')} >= 5
and
${promql.increase(LEDGER_METRICS.requests, ['source', 'vendor'], 'long')} >= 100`,
  ofSource: true,
  ofVendor: true,
  summary: 'retries of the gateway hide failures of {{ $labels.vendor }} behind {{ $labels.source }}',
  description:
    'For {{ $value | humanizePercentage }} of the requests an attempt failed before another one went well. Callers did not see it yet.',
  action: 'Look at the upstream that fails first: it is the early warning of an outage.',
  restsOn: 'A log that lists every attempt (nginx, Kong); other logs cannot show this.',
};
