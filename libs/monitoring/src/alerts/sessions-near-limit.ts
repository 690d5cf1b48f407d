import { LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Before the limit refuses everybody; then it is SessionLimit. */
export const sessionsNearLimit: Alert = {
  name: 'SessionsNearLimit',
  severity: 'ticket',
  responsible: 'client_or_service',
  expression: (promql) =>
    `${promql.value(LEDGER_METRICS.sessionsOpen, ['source', 'vendor', 'device'])}
/ on (${promql.by('vendor')}) group_left ()
${promql.value(SCRAPED_METRICS.sessionLimit, ['vendor'])}
>= ${promql.scope.objectives.callers.sessions}`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary:
    'device {{ $labels.device }} of {{ $labels.vendor }} behind {{ $labels.source }} has few sessions left',
  description:
    '{{ $value | humanizePercentage }} of the sessions that the document allows seem to be open at the same time.',
  action:
    'Find the caller that opens sessions and does not discard them: each should use one session for many requests, and delete it. At the limit nobody can log in any more (SessionLimit).',
  restsOn: 'Sessions that were opened and not seen to end, and the limit and idle time of the document.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by consumer'],
    queries: (promql) => [
      `topk(5, ${promql.value(LEDGER_METRICS.sessionsOpen, ['vendor', 'device'])})`,
      promql.increase(LEDGER_METRICS.sessions, ['vendor', 'outcome'], 'long'),
    ],
  },
  doubts:
    'The log does not show a session that the device ended by itself, nor one that was opened behind another gateway. The real number may be on either side.',
};
