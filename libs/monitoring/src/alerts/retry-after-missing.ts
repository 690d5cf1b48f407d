import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { missingPromises } from '../missing-promises.js';

/** A promise of the document that the API does not keep. */
export const retryAfterMissing: Alert = {
  name: 'RetryAfterMissing',
  severity: 'info',
  responsible: 'service',
  expression: (promql) =>
    `${promql.increase(LEDGER_METRICS.requests, ['source', 'vendor', 'code'], 'long', missingPromises(promql))} >= 5`,
  ofSource: true,
  ofVendor: true,
  summary:
    '{{ $labels.vendor }} behind {{ $labels.source }} sends {{ $labels.code }} without the Retry-After that its document promises',
  description:
    '{{ $value | printf "%.0f" }} responses with status {{ $labels.code }} did not say how long to wait.',
  action: 'Nothing now. Callers that rely on the header need a delay of their own.',
  restsOn:
    'Retry-After in the log; sources that do not log it never raise this. Where the log does not show who answered, the gateway’s own are among them.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by code'],
    queries: (promql) => [
      `${promql.increase(LEDGER_METRICS.retryAfterMissing, ['vendor', 'code'], 'long')} > 0`,
      promql.increase(LEDGER_METRICS.evidence, ['source', 'state'], 'long', 'field="retry_after"'),
    ],
  },
};
