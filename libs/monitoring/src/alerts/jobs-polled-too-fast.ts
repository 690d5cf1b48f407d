import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const FAST = (promql: PromQL): string =>
  promql.increase(LEDGER_METRICS.jobFastPolls, ['source', 'vendor'], 'medium');

/** Load that callers make by asking. */
export const jobsPolledTooFast: Alert = {
  name: 'JobsPolledTooFast',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => `${FAST(promql)}
/ ${promql.increase(LEDGER_METRICS.conductRequests, ['source', 'vendor'], 'medium')}
>= ${promql.scope.objectives.callers.fastPolls}
and
${FAST(promql)} >= 20`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'callers of {{ $labels.vendor }} behind {{ $labels.source }} ask for their jobs too often',
  description:
    '{{ $value | humanizePercentage }} of the requests are polls that followed the one before faster than conduct.poll_interval.',
  action:
    'Tell the callers to wait longer from poll to poll, and longer each time. Such polls end no job sooner, and use up the quota of the requests that matter.',
  restsOn: 'The paths of jobs in the vendor file, and the times of the requests.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by route'],
    queries: (promql) => [
      promql.rate(LEDGER_METRICS.jobFastPolls, ['vendor'], 'short'),
      `histogram_quantile(0.95, ${promql.rate({ ...LEDGER_METRICS.jobPolls, name: `${LEDGER_METRICS.jobPolls.name}_bucket` }, ['vendor', 'le'], 'medium')})`,
    ],
  },
  doubts: 'Several callers that wait for the same job ask for it more often than any of them does.',
};
