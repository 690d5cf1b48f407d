import type { Alert } from '../alert.js';
import { shareOfRequests } from '../share.js';

/** The API server answers, the array behind it does not. */
export const deviceSilent: Alert = {
  name: 'DeviceSilent',
  severity: 'page',
  responsible: 'device',
  expression: (promql) =>
    shareOfRequests(promql, ['source', 'vendor'], 'verdict="gateway_timeout", responsible="device"', 0.05),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'the device behind {{ $labels.vendor }} behind {{ $labels.source }} is silent',
  description:
    '{{ $value | humanizePercentage }} of the requests ended because the storage device did not answer its API server in time.',
  action:
    'Look at the array, its controllers and the management network between it and the API server. The API server itself works.',
  restsOn: 'The document of the vendor, which puts this timeout on the device.',
};
