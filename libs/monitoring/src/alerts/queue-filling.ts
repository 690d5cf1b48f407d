import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const USED = (promql: PromQL): string => promql.value(SCRAPED_METRICS.redisMemory, []);

/** Before ingest has to refuse. Only where it is the queue: more workers would not help against anything else. */
export const queueFilling: Alert = {
  name: 'QueueFilling',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (
    promql,
  ) => `predict_linear(${USED(promql)}[${promql.window('medium')}:], ${promql.seconds('long')}) > 0.6 * ${promql.value(SCRAPED_METRICS.redisMemoryLimit, [])}
and
${promql.value(SCRAPED_METRICS.queueBytes, [])} >= 0.1 * ${USED(promql)}`,
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'Redis will be full before long',
  description:
    'At this pace Redis will use {{ $value | humanize1024 }}B before long, over 60 % of its maxmemory. A full Redis refuses senders.',
  action: 'Start more workers, or find out why they are slow: statuslens_worker_batch_duration_seconds.',
  restsOn: 'A straight line through the memory of Redis; without maxmemory there is no limit to reach.',
};
