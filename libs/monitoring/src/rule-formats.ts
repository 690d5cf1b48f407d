import type { RuleGroup } from './rule-groups.js';

/** The documents that hold rules, by who reads them: plain objects, to be written as YAML. */
export const RULE_FORMATS = {
  prometheus: (groups: readonly RuleGroup[]): object => ({ groups }),
  kubernetes: (groups: readonly RuleGroup[]): object => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'statuslens', labels: { 'app.kubernetes.io/name': 'statuslens' } },
    spec: { groups },
  }),
  mimir: (groups: readonly RuleGroup[]): object => ({ namespace: 'statuslens', groups }),
} as const;
export type RuleFormat = keyof typeof RULE_FORMATS;
