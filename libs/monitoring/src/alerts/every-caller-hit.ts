import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { NOT_OK } from '../promql.js';

/** Breadth overrides the document: a fault of the caller that every caller commits is none of theirs. */
export const everyCallerHit: Alert = {
  name: 'EveryCallerHit',
  severity: 'page',
  responsible: 'platform',
  expression: (promql) =>
    promql.ofThePresent(
      `count by (${promql.by('source', 'vendor', 'verdict')}) (
  ${promql.rate(LEDGER_METRICS.consumer, ['source', 'vendor', 'consumer', 'verdict'], 'short', NOT_OK)}
  / on (${promql.by('source', 'vendor', 'consumer')}) group_left ()
  ${promql.rate(LEDGER_METRICS.consumer, ['source', 'vendor', 'consumer'], 'short')}
  >= 0.5
  and
  ${promql.increase(LEDGER_METRICS.consumer, ['source', 'vendor', 'consumer', 'verdict'], 'short', NOT_OK)} >= 5
) >= 3`,
    ),
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary:
    '{{ $labels.vendor }} behind {{ $labels.source }} answers {{ $value }} consumers with {{ $labels.verdict }}',
  description:
    '{{ $value }} consumers each got {{ $labels.verdict }} for at least half of their requests. Whatever the document says of the status, callers do not all go wrong at once.',
  action:
    'Treat it as a failure of the platform, also where the document blames the caller. Ask what changed for everybody: a release, a certificate, a quota, the front end of the vendor.',
  restsOn: 'The consumers that the settings name; requests of others count as one consumer, "other".',
};
