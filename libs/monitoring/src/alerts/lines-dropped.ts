import { INGEST_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Lines of senders that wait for no answer, and so cannot send them again. */
export const linesDropped: Alert = {
  name: 'LinesDropped',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) =>
    // not as with the ledger: each ingest counts its own
    `sum by (${promql.by('source', 'protocol', 'reason')}) (increase(${INGEST_METRICS.droppedLines.name}[${promql.window('medium')}])) > 0`,
  ofSource: true,
  ofVendor: false,
  summary: 'lines of {{ $labels.source }} are lost on their way in',
  description:
    'About {{ $value | printf "%.0f" }} lines that came over {{ $labels.protocol }} were dropped: {{ $labels.reason }}.',
  action:
    'buffer_full: Redis was away or the workers were behind for longer than the buffer of the receiver lasts, see IngestRefusing and QueueFilling. kernel: ingest was too busy for its datagrams; raise net.core.rmem_max, or send over TCP. unknown_source: a name that ingest.names does not have; the log of ingest says which. unauthorized: the source has auth, the protocol has none. incomplete: connections end within a message. too_long: longer than ingest.max_line. refused: the log of ingest says why. departed: ingest ended before it could store them.',
  restsOn:
    'Counted line by line, but for kernel, which counts datagrams on Linux. A shipper that is acknowledged (HTTP, Forward, Lumberjack …) never loses lines this way.',
};
