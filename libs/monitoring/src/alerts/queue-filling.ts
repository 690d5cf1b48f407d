import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const PEAK = (promql: PromQL): string => promql.value(SCRAPED_METRICS.redisMemory, []);

/** Before ingest has to refuse. */
export const queueFilling: Alert = {
  name: 'QueueFilling',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (
    promql,
  ) => `predict_linear(${PEAK(promql)}[${promql.window('medium')}:], ${promql.seconds('long')}) > 0.6 * ${promql.value(SCRAPED_METRICS.redisMemoryLimit, [])}
and
${promql.value(SCRAPED_METRICS.queueBytes, [])} > 0`,
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'Redis will be full before long',
  description:
    'At this pace Redis will soon use {{ $value | humanize1024 }}B; from 60 % of maxmemory on senders are refused.',
  action: 'Start more workers, or find out why they are slow: statuslens_worker_batch_duration_seconds.',
  restsOn: 'A straight line through the memory of Redis; without maxmemory there is no limit to reach.',
};
