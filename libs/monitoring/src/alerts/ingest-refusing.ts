import { INGEST_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Log shippers are told no. */
export const ingestRefusing: Alert = {
  name: 'IngestRefusing',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) =>
    // not as with the ledger: each ingest counts its own
    `sum by (${promql.by('source', 'code')}) (increase(${INGEST_METRICS.requests.name}{code=~"4..|5.."}[${promql.window('medium')}])) >= 10`,
  ofSource: true,
  ofVendor: false,
  summary: 'senders of {{ $labels.source }} are refused',
  description: '{{ $value | printf "%.0f" }} requests of log shippers were answered with {{ $labels.code }}.',
  action:
    'The body of the answer says why. 503: Redis is away or full; 401: a token; 404: a name that the settings do not have; 413: larger than max_body.',
  restsOn: 'What ingest told its senders; those that keep their logs lose nothing.',
};
