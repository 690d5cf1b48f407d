import { SCRAPED_METRICS, type MetricDefinition } from '#metric-names';
import type { Alert } from '../alert.js';
import { indent, type PromQL } from '../promql.js';

const now = (promql: PromQL, metric: MetricDefinition): string => promql.value(metric, []);

/** The bytes that there will be, where they are more than a limit. */
const tooMany = (promql: PromQL, metric: MetricDefinition, limit: string): string =>
  `predict_linear(${now(promql, metric)}[${promql.window('medium')}:], ${promql.seconds('long')}) > ${limit}`;

const named = (expression: string, limit: string): string =>
  `label_replace(\n${indent(expression)},\n  "limit", "${limit}", "", ""\n)`;

/** Before ingest has to refuse. Only where it is the queue: more workers would not help against anything else. */
export const queueFilling: Alert = {
  name: 'QueueFilling',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => {
    const { redisMemory, redisMemoryLimit, queueBytes, queueLimit } = SCRAPED_METRICS;
    const memory = `${tooMany(promql, redisMemory, `0.6 * ${now(promql, redisMemoryLimit)}`)}
and
${now(promql, queueBytes)} >= 0.1 * ${now(promql, redisMemory)}`;
    const queue = `${tooMany(promql, queueBytes, now(promql, queueLimit))}
and
${now(promql, queueBytes)} >= 0.1 * ${now(promql, queueLimit)}`;
    return `${named(memory, '60% of maxmemory')}\nor\n${named(queue, 'ingest.queue.max_bytes')}`;
  },
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'the queue will be full before long',
  description:
    'At this pace {{ $value | humanize1024 }}B will be reached before long, over {{ $labels.limit }}. Then senders are refused.',
  action: 'Start more workers, or find out why they are slow: statuslens_worker_batch_duration_seconds.',
  restsOn:
    'A straight line through the memory of Redis, against its maxmemory if it has one, and through the bytes that wait, against the setting of the exporter.',
};
