import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const VENDOR_UNKNOWN = 'vendor="unknown"';
const UNKNOWN = (promql: PromQL): string =>
  promql.increase(LEDGER_METRICS.requests, ['source'], 'long', VENDOR_UNKNOWN);
const BEFORE = (promql: PromQL, matchers?: string): string =>
  promql.increaseBefore(LEDGER_METRICS.requests, ['source'], 'long', promql.window('baseline'), matchers);

/** Requests that nobody judges. */
export const vendorUnknown: Alert = {
  name: 'VendorUnknown',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${UNKNOWN(promql)}
/ ${promql.increase(LEDGER_METRICS.requests, ['source'], 'long')}
>= 0.05
and
${UNKNOWN(promql)} >= 20
unless
${UNKNOWN(promql)}
/ ${promql.increase(LEDGER_METRICS.requests, ['source'], 'long')}
<= 2 * ${BEFORE(promql, VENDOR_UNKNOWN)}
/ ${BEFORE(promql)}`,
  ofSource: true,
  ofVendor: false,
  summary: 'requests of {{ $labels.source }} belong to no known vendor',
  description:
    '{{ $value | humanizePercentage }} of its requests have a host and path that no vendor file knows, over twice the share of a week ago.',
  action:
    'Name the vendor of these hosts or paths under routes of the source, or ignore them (probes, scanners).',
  restsOn: 'Host and path of each request.',
};
