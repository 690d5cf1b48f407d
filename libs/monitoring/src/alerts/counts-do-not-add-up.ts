import { BATCH_ARRIVALS, LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

const BATCHES = (matchers: string): string => `${LEDGER_METRICS.batches.name}{${matchers}}`;

const ARRIVED = BATCH_ARRIVALS.join('|');

/** The law of the batches is broken: lost or counted twice. */
export const countsDoNotAddUp: Alert = {
  name: 'CountsDoNotAddUp',
  severity: 'page',
  responsible: 'statuslens',
  expression: (promql) => `min_over_time(
  abs(
    ${promql.sum([], BATCHES(`outcome=~"${ARRIVED}"`))}
    - ${promql.sum([], BATCHES(`outcome!~"${ARRIVED}"`))}
    - ${promql.sum([], SCRAPED_METRICS.queueBatches.name)}
  )[${promql.window('medium')}:]
) >= 1`,
  ofSource: false,
  ofVendor: false,
  summary: 'accepted and replayed batches are not those that were counted and those that wait',
  description: '{{ $value | humanize }} batches are missing, or were counted twice.',
  action:
    'Compare statuslens_batches_total by outcome with statuslens_queue_batches. Was the Redis restored, flushed, or shared with another statuslens?',
  restsOn: 'accepted + replayed = committed + duplicate + dead + queued, at every moment of the window.',
};
