import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Keys of senders went before claims.ttl: a batch that is repeated late counts twice. */
export const repeatsForgotten: Alert = {
  name: 'RepeatsForgotten',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${promql.value(SCRAPED_METRICS.claimsWindow, [])}
< ${promql.value(SCRAPED_METRICS.claimsTtl, [])}`,
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'keys of senders are forgotten before claims.ttl',
  description:
    'A batch that is sent again is recognised for {{ $value | humanizeDuration }} only; after that it counts twice. More keys came than claims.max_bytes has room for.',
  action:
    'Raise claims.max_bytes, or lower claims.ttl to what your shippers need: longer than they try again. A shipper that sends larger batches needs fewer keys. What was forgotten stays so; the time grows back by itself.',
  restsOn: 'Counted in Redis with each batch; exact.',
};
