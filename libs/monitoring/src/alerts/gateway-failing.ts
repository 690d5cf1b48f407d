import type { Alert } from '../alert.js';
import { shareOfRequests } from '../share.js';

/** The gateway breaks a noticeable part of the traffic. */
export const gatewayFailing: Alert = {
  name: 'GatewayFailing',
  severity: 'ticket',
  responsible: 'gateway',
  expression: (promql) =>
    shareOfRequests(promql, ['source', 'vendor'], 'responsible="gateway", verdict!~"ok|accepted"', 0.05),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'the gateway {{ $labels.source }} fails requests to {{ $labels.vendor }} by itself',
  description: '{{ $value | humanizePercentage }} of the requests ended at the gateway by its own failure.',
  action:
    'Look at limits on connections and queues, at routes without a backend and at the error log of the gateway.',
  restsOn: 'The log of the gateway, for who made a status.',
};
