import type { Alert } from '../alert.js';
import { burning } from '../burning.js';

/** The budget of the gateway. */
export const gatewayBudgetBurn: Alert = {
  name: 'GatewayBudgetBurn',
  severity: 'ticket',
  responsible: 'gateway',
  expression: (promql) => `${burning(promql, 'gateway', 'fast')}\nor\n${burning(promql, 'gateway', 'slow')}`,
  ofSource: true,
  ofVendor: true,
  summary: 'the gateway {{ $labels.source }} burns its error budget for {{ $labels.vendor }}',
  description: 'It burns its error budget {{ $value | humanize }} times as fast as the objective allows.',
  action: 'Look at limits, routes and the error log of the gateway.',
  restsOn: 'The log of the gateway, for who made a status.',
};
