import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Somebody changed the log format. */
export const evidenceVanished: Alert = {
  name: 'EvidenceVanished',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (
    promql,
  ) => `${promql.increase(LEDGER_METRICS.evidence, ['source', 'field'], 'medium', 'state="not_logged"')} >= 20
unless
${promql.increase(LEDGER_METRICS.evidence, ['source', 'field'], 'medium', 'state!="not_logged"')} > 0
and
${promql.increaseBefore(LEDGER_METRICS.evidence, ['source', 'field'], 'medium', promql.window('long'), 'state!="not_logged"')} > 0`,
  ofSource: true,
  ofVendor: false,
  summary: 'the log of {{ $labels.source }} no longer shows {{ $labels.field }}',
  description:
    '{{ $value | humanize }} lines came without {{ $labels.field }}, which the same log had before.',
  action:
    'Compare the log format of the gateway with the page of docs/gateways. Until then the judgements that need it are conditional.',
  restsOn: 'The lines themselves.',
};
