import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

/** Statuses that always order to wait for Retry-After, unless it is missing; the gateway’s own are not the vendor’s. */
function promised({ scope }: PromQL): string {
  const statuses = scope.catalogue.files.flatMap(({ vendor, statuses }) =>
    Object.entries(statuses)
      .filter(([, { action }]) => action === 'wait_retry_after')
      .map(([code]) => ({ vendor, code })),
  );
  const values = (key: 'vendor' | 'code'): string => [...new Set(statuses.map((one) => one[key]))].join('|');
  return `vendor=~"${values('vendor')}", code=~"${values('code')}", origin!="gateway", action="retry_later"`;
}

/** A promise of the document that the API does not keep. */
export const retryAfterMissing: Alert = {
  name: 'RetryAfterMissing',
  severity: 'info',
  responsible: 'service',
  expression: (promql) =>
    `${promql.increase(LEDGER_METRICS.requests, ['source', 'vendor', 'code'], 'long', promised(promql))} >= 5`,
  ofSource: true,
  ofVendor: true,
  summary:
    '{{ $labels.vendor }} behind {{ $labels.source }} sends {{ $labels.code }} without the Retry-After that its document promises',
  description:
    '{{ $value | printf "%.0f" }} responses with status {{ $labels.code }} did not say how long to wait.',
  action: 'Nothing now. Callers that rely on the header need a delay of their own.',
  restsOn:
    'Retry-After in the log; sources that do not log it never raise this. Where the log does not show who answered, the gateway’s own are among them.',
};
