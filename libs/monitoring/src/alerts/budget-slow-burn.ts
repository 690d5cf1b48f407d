import type { Alert } from '../alert.js';
import { burning } from '../burning.js';

/** The budget of the storage, slowly. */
export const budgetSlowBurn: Alert = {
  name: 'BudgetSlowBurn',
  severity: 'ticket',
  responsible: 'service_or_device',
  expression: (promql) => burning(promql, 'vendor', 'slow'),
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} burns its error budget steadily',
  description:
    'It burns its error budget {{ $value | humanize }} times as fast as the objective allows, for days.',
  action:
    'Not an incident, but the objective will be missed: plan the repair of what the Vendor dashboard shows.',
  restsOn:
    'All requests, late ones too; accepted ones (202) count neither way. Without enough requests, and failures, there is no verdict.',
};
