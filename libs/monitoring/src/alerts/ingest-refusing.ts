import { INGEST_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Log shippers are told no. */
export const ingestRefusing: Alert = {
  name: 'IngestRefusing',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) =>
    // not as with the ledger: each ingest counts its own
    `sum by (${promql.by('source', 'code', 'refusal')}) (increase(${INGEST_METRICS.requests.name}{code=~"4..|5.."}[${promql.window('medium')}])) >= 10`,
  ofSource: true,
  ofVendor: false,
  summary: 'senders of {{ $labels.source }} are refused',
  description:
    '{{ $value | printf "%.0f" }} requests of log shippers were answered with {{ $labels.code }} {{ $labels.refusal }}.',
  action:
    'overloaded: the queue is over its mark, see QueueFilling. unavailable: Redis is away, full or may not be written to; /readyz of ingest says which. unauthorized: a token. unknown_source: a name that the settings do not have. too_large: larger than max_body. The body of the answer says more.',
  restsOn: 'What ingest told its senders; those that keep their logs lose nothing.',
};
