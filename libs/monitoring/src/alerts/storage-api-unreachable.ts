import type { Alert } from '../alert.js';
import { shareOfRequests } from '../share.js';

/** The gateway is fine and says that nobody is behind it. */
export const storageApiUnreachable: Alert = {
  name: 'StorageApiUnreachable',
  severity: 'page',
  responsible: 'service',
  expression: (promql) =>
    shareOfRequests(promql, ['source', 'vendor'], 'origin="gateway", responsible="service"', 0.5),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} does not answer its gateway',
  description:
    '{{ $value | humanizePercentage }} of its requests were answered by the gateway, because nobody behind it did.',
  action:
    'The gateway is only the messenger: see whether the API server runs, accepts connections and answers in time.',
  restsOn:
    'The log of the gateway (times of headers, termination state, response flags); sources whose log does not show who made a status never raise this.',
};
