import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Redis near its maxmemory. */
export const redisMemory: Alert = {
  name: 'RedisMemory',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${promql.value(SCRAPED_METRICS.redisMemory, [])}
/ ${promql.value(SCRAPED_METRICS.redisMemoryLimit, [])}
>= 0.8`,
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'Redis has little memory left',
  description: '{{ $value | humanizePercentage }} of maxmemory is used.',
  action:
    'Drain the queue, lower claims.max_bytes, or give Redis more memory. At the limit it refuses writes, and ingest refuses senders.',
  restsOn: 'What Redis says of itself.',
};
