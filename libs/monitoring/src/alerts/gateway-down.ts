import type { Alert } from '../alert.js';
import { shareOfRequests } from '../share.js';

/** Nearly nothing gets through the gateway. */
export const gatewayDown: Alert = {
  name: 'GatewayDown',
  severity: 'page',
  responsible: 'gateway',
  expression: (promql) =>
    shareOfRequests(promql, ['source', 'vendor'], 'responsible="gateway", verdict!~"ok|accepted"', 0.9),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'the gateway {{ $labels.source }} refuses nearly every request to {{ $labels.vendor }}',
  description:
    '{{ $value | humanizePercentage }} of the requests ended at the gateway by its own failure; the storage was not asked.',
  action: 'Look at the gateway: its configuration, its limits on connections and workers, its own error log.',
  restsOn: 'The log of the gateway, for who made a status.',
};
