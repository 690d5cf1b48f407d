import { LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const SILENCE = (promql: PromQL): string => `time() - ${promql.value(LEDGER_METRICS.lastEvent, ['source'])}`;

/** Silence of a log is not silence of the storage. */
export const sourceLost: Alert = {
  name: 'SourceLost',
  severity: 'page',
  responsible: 'statuslens',
  expression: (promql) => `${SILENCE(promql)}
> on (${promql.by('source')})
${promql.value(SCRAPED_METRICS.heartbeat, ['source'])}
or
(
  ${promql.increaseBefore(LEDGER_METRICS.lines, ['source'], 'short', promql.window('baseline'))} >= 20
  unless
  ${promql.increase(LEDGER_METRICS.lines, ['source'], 'medium')} > 0
)
or
(
  ${promql.value(SCRAPED_METRICS.heartbeat, ['source'])}
  unless
  ${promql.value(LEDGER_METRICS.lastEvent, ['source'])}
)`,
  hold: 'short',
  ofSource: true,
  ofVendor: false,
  summary: 'no lines arrive from {{ $labels.source }}',
  description:
    'Either the source has been silent for longer than its heartbeat allows, or it is silent though it was not at this time last week ({{ $value | humanize }}).',
  action:
    'Look at the log shipper and its queue, then at what /ingest tells it (statuslens_ingest_requests_total). Until it is back, no other alert of this source can be trusted to be quiet.',
  restsOn:
    'A heartbeat in the settings of the source, or its own traffic a week ago. A source with neither never raises this.',
};
