import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

const LABELS = ['source', 'field'];
const LOGGED = 'state!="not_logged"';

/**
 * Somebody changed the log format. Only what most lines had can vanish: some logs name a header just where it was
 * sent. And only from lines that a vendor may have answered: of a gateway’s own answers some logs know less.
 */
export const evidenceVanished: Alert = {
  name: 'EvidenceVanished',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (
    promql,
  ) => `${promql.increase(LEDGER_METRICS.evidence, LABELS, 'medium', 'state="not_logged"')} >= 20
unless
${promql.increase(LEDGER_METRICS.evidence, LABELS, 'medium', LOGGED)} > 0
and
${promql.increaseBefore(LEDGER_METRICS.evidence, LABELS, 'medium', promql.window('long'), LOGGED)}
/ ${promql.increaseBefore(LEDGER_METRICS.evidence, LABELS, 'medium', promql.window('long'))}
>= 0.5
and on (${promql.by('source')})
${promql.increase(LEDGER_METRICS.requests, ['source'], 'medium', 'origin!="gateway"')} >= 20`,
  ofSource: true,
  ofVendor: false,
  summary: 'the log of {{ $labels.source }} no longer shows {{ $labels.field }}',
  description:
    '{{ $value | printf "%.0f" }} lines came without {{ $labels.field }}, which most lines of the same log had before.',
  action:
    'Compare the log format of the gateway with the page of docs/gateways. Until then the judgements that need it are conditional.',
  restsOn: 'The lines themselves.',
};
