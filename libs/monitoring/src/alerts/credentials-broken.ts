import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Callers that are refused and do not get in any more; whoever renews a token that ran out is not among them. */
export const credentialsBroken: Alert = {
  name: 'CredentialsBroken',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) =>
    promql.atLeast(3, LEDGER_METRICS.authentication, ['source', 'vendor'], 'long', 'outcome="broken"'),
  ofSource: true,
  ofVendor: true,
  summary: 'callers of {{ $labels.vendor }} behind {{ $labels.source }} are refused and do not get in again',
  description:
    '{{ $value | printf "%.0f" }} runs of refused credentials ended without a request that went well.',
  action:
    'Find the callers and their credentials: a password that was changed, a user that was locked, a certificate that ran out. Stop them meanwhile, since many user directories lock whoever fails too often.',
  restsOn: 'Runs of 401 of the same caller, and that nothing of it went well afterwards.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by consumer'],
    queries: (promql) => [
      promql.increase(LEDGER_METRICS.authentication, ['vendor', 'outcome'], 'long'),
      `topk(5, ${promql.increase(LEDGER_METRICS.consumer, ['vendor', 'consumer'], 'long', 'verdict="client_fault"')})`,
    ],
  },
  doubts:
    'A caller that gave up after one refusal looks the same, such as a person who mistyped a password and a scanner.',
};
