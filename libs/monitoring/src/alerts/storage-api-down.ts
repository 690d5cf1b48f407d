import type { Alert } from '../alert.js';
import { STORAGE_FAILED } from '../promql.js';
import { shareOfRequests } from '../share.js';

/** Nearly nothing works, and not for the fault of callers. */
export const storageApiDown: Alert = {
  name: 'StorageApiDown',
  severity: 'page',
  responsible: 'service_or_device',
  expression: (promql) => shareOfRequests(promql, ['source', 'vendor'], STORAGE_FAILED, 0.9),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} fails nearly every request',
  description:
    '{{ $value | humanizePercentage }} of its requests failed for reasons that its own document puts on the service or the device.',
  action:
    'Look at the API server and the array behind it. Writes of this time may have happened: check before repeating them.',
  restsOn:
    'The document of the vendor, and on the gateway’s log for who made a status: where that log cannot tell, a failure of the gateway looks like one of the vendor.',
};
