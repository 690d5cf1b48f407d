import type { Alert } from '../alert.js';
import { missingBatches } from '../batch-law.js';
import { indent } from '../promql.js';

/** The law of the batches is broken: lost or counted twice. */
export const countsDoNotAddUp: Alert = {
  name: 'CountsDoNotAddUp',
  severity: 'page',
  responsible: 'statuslens',
  expression: (promql) => `min_over_time(
  abs(
${indent(indent(missingBatches(promql)))}
  )[${promql.window('medium')}:]
) >= 1`,
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'accepted batches are not those that were counted and those that wait',
  description: '{{ $value | humanize }} batches are missing, or were counted twice.',
  action:
    'Compare statuslens_batches_total by outcome with statuslens_queue_batches. Was the Redis restored, flushed, or shared with another statuslens?',
  restsOn: 'accepted = committed + duplicate + dead + queued, at every moment of the window.',
};
