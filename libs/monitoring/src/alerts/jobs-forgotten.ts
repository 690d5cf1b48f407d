import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const JOBS = (promql: PromQL, outcomes: string): string =>
  promql.increase(LEDGER_METRICS.jobs, ['source', 'vendor'], 'long', `outcome=~"${outcomes}"`);
const UNREAD = 'forgotten|expired';

/** Accepted is not done: nobody looked. */
export const jobsForgotten: Alert = {
  name: 'JobsForgotten',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => `${JOBS(promql, UNREAD)}
/ ${JOBS(promql, `followed|${UNREAD}`)}
>= ${promql.scope.objectives.callers.forgottenJobs}
and
${JOBS(promql, UNREAD)} >= 5`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'callers of {{ $labels.vendor }} behind {{ $labels.source }} do not ask how their jobs end',
  description:
    '{{ $value | humanizePercentage }} of the accepted requests were never asked for, or only when their job was gone.',
  action:
    'A 202 says that the request was taken, not that it went well. Tell the callers to ask for the job until it has ended, before it expires; what failed unseen has to be found by hand.',
  restsOn:
    'Location in the log, or a path that names the job. Without either it is not measurable, and never raised.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by route'],
    queries: (promql) => [
      promql.increase(LEDGER_METRICS.jobs, ['vendor', 'outcome'], 'long'),
      promql.increase(LEDGER_METRICS.evidence, ['source', 'state'], 'long', 'field="location"'),
    ],
  },
  doubts:
    'Whoever asks for the job through another gateway, lists all jobs at once, or is told by an event is not seen to ask.',
};
