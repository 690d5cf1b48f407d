import type { Alert } from '../alert.js';
import { burning } from '../burning.js';

/** The budget of the storage: service and device. */
export const budgetFastBurn: Alert = {
  name: 'BudgetFastBurn',
  severity: 'page',
  responsible: 'service_or_device',
  expression: (promql) => burning(promql, 'vendor', 'fast'),
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} burns its error budget fast',
  description: 'It burns its error budget {{ $value | humanize }} times as fast as the objective allows.',
  action:
    'Find the failing codes on the Incident dashboard; /explain says what the document orders for each.',
  restsOn:
    'Requests of the present: late ones count in the objective, but nobody is paged for what is over. Accepted ones (202) count neither way. Without enough requests, and failures, there is no verdict.',
};
