import { LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { indent, promDuration, type PromQL } from '../promql.js';

const silence = (promql: PromQL): string => `time() - ${promql.value(LEDGER_METRICS.lastEvent, ['source'])}`;

/** Lines within a short window, so long ago. */
const linesBefore = (promql: PromQL, ago: number): string =>
  promql.increaseBefore(LEDGER_METRICS.lines, ['source'], 'short', promDuration(ago));

/** Sources of which statuslens has known for longer than their heartbeat: it reads its settings when it starts. */
const knownForLong = (promql: PromQL): string => `max by (${promql.by('source')}) (
  ${SCRAPED_METRICS.heartbeat.name}
  < on (${promql.by('job', 'instance')}) group_left ()
  (time() - process_start_time_seconds)
)`;

/** Silence of a log is not silence of the storage. */
export const sourceLost: Alert = {
  name: 'SourceLost',
  severity: 'page',
  responsible: 'statuslens',
  // a week ago there must have been lines now and half an hour before: who is silent now is not just a little later
  expression: (promql) => {
    const { baseline, medium } = promql.scope.objectives.windows;
    return `${silence(promql)}
> on (${promql.by('source')})
${promql.value(SCRAPED_METRICS.heartbeat, ['source'])}
or
(
  ${linesBefore(promql, baseline)} >= 20
  and
  ${linesBefore(promql, baseline + medium)} >= 20
  unless
  ${promql.increase(LEDGER_METRICS.lines, ['source'], 'medium')} > 0
  and
  ${promql.value(SCRAPED_METRICS.sourceInfo, ['source'])}
)
or
(
${indent(knownForLong(promql))}
  unless
  ${promql.value(LEDGER_METRICS.lastEvent, ['source'])}
)`;
  },
  hold: 'short',
  ofSource: true,
  ofVendor: false,
  summary: 'no lines arrive from {{ $labels.source }}',
  description:
    'Either the source has been silent for longer than its heartbeat allows, or it is silent though it was not at this time last week ({{ $value | humanize }}).',
  action:
    'Look at the log shipper and its queue, then at what /ingest tells it (statuslens_ingest_requests_total). Until it is back, no other alert of this source can be trusted to be quiet.',
  restsOn:
    'A heartbeat in the settings of the source, or its own traffic a week ago, where that lasted. A source with neither never raises this.',
};
