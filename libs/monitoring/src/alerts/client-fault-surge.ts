import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { promDuration, type PromQL } from '../promql.js';

const FAULT = 'verdict="client_fault"';
const FAULTS = (promql: PromQL): string =>
  promql.increase(LEDGER_METRICS.consumer, ['source', 'vendor', 'consumer', 'verdict'], 'short', FAULT);

/** The most of any short window around this time last week: what recurs seldom does so to the minute. */
function MOST_LAST_WEEK(promql: PromQL): string {
  const { baseline, long } = promql.scope.objectives.windows;
  const range = `[${promql.window('long')}:${promql.window('short')}]`;
  return `max_over_time(${FAULTS(promql)}${range} offset ${promDuration(baseline - long / 2)})`;
}

/** One caller that went wrong since last week. */
export const clientFaultSurge: Alert = {
  name: 'ClientFaultSurge',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) =>
    promql.ofThePresent(
      `(
  ${FAULTS(promql)} >= 20
  and
  ${FAULTS(promql)}
  / on (${promql.by('source', 'vendor', 'consumer')}) group_left ()
  ${promql.increase(LEDGER_METRICS.consumer, ['source', 'vendor', 'consumer'], 'short')}
  >= 0.1
)
unless
${FAULTS(promql)} <= 3 * ${MOST_LAST_WEEK(promql)}`,
    ),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary:
    '{{ $labels.consumer }} sends requests to {{ $labels.vendor }} behind {{ $labels.source }} that must be changed',
  description:
    '{{ $value | printf "%.0f" }} requests of {{ $labels.consumer }} failed by its own fault, over three times as many as at this hour last week.',
  action:
    'Tell the owner of {{ $labels.consumer }}. Sending the same requests again cannot help; /explain says what to change.',
  restsOn:
    'The document of the vendor, and the consumer that the log names. A consumer without a past week is compared with none.',
};
