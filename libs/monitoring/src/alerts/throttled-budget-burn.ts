import type { Alert } from '../alert.js';
import { burning } from '../burning.js';

/** The budget of the quotas. */
export const throttledBudgetBurn: Alert = {
  name: 'ThrottledBudgetBurn',
  severity: 'ticket',
  responsible: 'client_or_service',
  expression: (promql) => burning(promql, 'throttled', 'slow'),
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} throttles more than agreed',
  description: 'Throttled requests are {{ $value | humanize }} times as frequent as the objective allows.',
  action: 'One caller: slow it down. Many: raise the quota, or spread the load.',
  restsOn: 'The document of the vendor.',
};
