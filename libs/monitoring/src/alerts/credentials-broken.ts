import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

const OF_VENDOR = ['source', 'vendor'];
const BROKEN = 'outcome="broken"';

/** A run counts once, however long it lasts: of the last day, so that it is still known while the refusals go on. */
const someBroken = (promql: PromQL): string =>
  `${promql.sum(OF_VENDOR, `increase(${LEDGER_METRICS.authentication.name}{${BROKEN}}[1d])`)} > 0`;

/** Callers that are refused and do not get in any more; whoever renews a token that ran out is not among them. */
export const credentialsBroken: Alert = {
  name: 'CredentialsBroken',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => `(
  ${promql.increase(LEDGER_METRICS.requests, OF_VENDOR, 'long', 'reason="authentication"')}
  - (
    ${promql.increase(LEDGER_METRICS.authentication, OF_VENDOR, 'long', 'outcome="renewed"')}
    or
    ${promql.increase(LEDGER_METRICS.authentication, OF_VENDOR, 'long', BROKEN)} * 0
  )
) >= 20
and
${someBroken(promql)}`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'callers of {{ $labels.vendor }} behind {{ $labels.source }} are refused and do not get in again',
  description:
    '{{ $value | printf "%.0f" }} requests were refused for their credentials beyond those that began a renewal, and a caller that was refused never got in.',
  action:
    'Find the callers and their credentials: a password that was changed, a user that was locked, a certificate that ran out. Stop them meanwhile, since many user directories lock whoever fails too often.',
  restsOn: 'Runs of 401 of the same caller, and that nothing of it went well within a minute.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by consumer'],
    queries: (promql) => [
      promql.increase(LEDGER_METRICS.authentication, ['vendor', 'outcome'], 'long'),
      `topk(5, ${promql.increase(LEDGER_METRICS.consumer, ['vendor', 'consumer'], 'long', 'verdict="client_fault"')})`,
    ],
  },
  doubts:
    'A caller that sends many requests at once is refused as many times when its token runs out, and renews it once; with somebody who mistyped a password on the same day, that looks like this.',
};
