import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';
import { statusesBefore } from '../statuses-before.js';

const RETURNS = (promql: PromQL, outcomes: string): string =>
  promql.increase(LEDGER_METRICS.retryWaits, ['source', 'vendor'], 'medium', `outcome=~"${outcomes}"`);

/** Callers do not wait as long as they are told. */
export const earlyReturns: Alert = {
  name: 'EarlyReturns',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => `${RETURNS(promql, 'early')}
/ ${RETURNS(promql, 'kept|early')}
>= ${promql.scope.objectives.callers.earlyReturns}
and
${RETURNS(promql, 'early')} >= 10`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary:
    'callers of {{ $labels.vendor }} behind {{ $labels.source }} come back before the promised wait is over',
  description: (promql) =>
    `{{ $value | humanizePercentage }} of those that came back did so before the time that Retry-After had told them, after:${statusesBefore(promql, LEDGER_METRICS.retryWaits, [], 'outcome="early"')}.`,
  action:
    'Tell the owners of the consumers on the Retries dashboard to keep to Retry-After: what comes earlier is refused again, and is load that makes the wait longer for all.',
  restsOn:
    'Retry-After in the log; sources that do not log it never raise this. Who never comes back counts neither way.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by consumer'],
    queries: (promql) => [
      promql.increase(LEDGER_METRICS.retryWaits, ['vendor', 'previous_code', 'outcome'], 'medium'),
      `topk(5, ${promql.increase(LEDGER_METRICS.consumerRetries, ['vendor', 'consumer'], 'medium', 'disposition="wait_first"')})`,
    ],
  },
  doubts:
    'Another program with the same address, user and user agent may have sent the same request. A wait is taken as kept a second early where the log has whole seconds.',
};
