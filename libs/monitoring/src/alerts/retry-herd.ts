import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

const OF_VENDOR = ['source', 'vendor'];

/** Everybody keeps the promise, and so all come at once. */
export const retryHerd: Alert = {
  name: 'RetryHerd',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => `${promql.value(LEDGER_METRICS.retryHerd, OF_VENDOR)}
>= ${promql.scope.objectives.callers.herd}
and
${promql.increase(LEDGER_METRICS.retryWaits, OF_VENDOR, 'short', 'outcome=~"kept|early"')} >= 20`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'callers of {{ $labels.vendor }} behind {{ $labels.source }} come back all at once',
  description:
    '{{ $value | humanizePercentage }} of the retries after promised waits came within the same second.',
  action:
    'Callers should add a random part to what Retry-After tells them. Whoever sends the header can help: promise each caller another time.',
  restsOn:
    'Retry-After in the log, and the times of the requests; a log with whole seconds is as fine as that.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by consumer'],
    queries: (promql) => [
      `topk(5, ${promql.rate(LEDGER_METRICS.consumerRetries, ['vendor', 'consumer'], 'short', 'disposition="wait_first"')})`,
      promql.increase(LEDGER_METRICS.retryWaits, ['vendor', 'outcome'], 'short'),
    ],
  },
  doubts:
    'One caller with many operations comes back with all of them at once, and one that waits for a whole minute seems to meet others.',
};
