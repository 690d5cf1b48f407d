import { alertingRule, type AlertingRule } from './alert-rule.js';
import { ALERTS } from './alerts/index.js';
import { conductRules } from './conduct-rules.js';
import { PromQL } from './promql.js';
import { baseRules, budgetRules, periodRules, type RecordingRule } from './recording-rules.js';
import type { RuleScope } from './rule-scope.js';

/** A group as Prometheus reads it; its rules are evaluated one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (AlertingRule | RecordingRule)[];
}

/** All recording and alerting rules, in the order in which they need each other. */
export function ruleGroups(scope: RuleScope): RuleGroup[] {
  const promql = new PromQL(scope);
  const alerts = ALERTS.map((alert) => alertingRule(alert, promql));
  return [
    { name: 'statuslens-requests', rules: baseRules(promql) },
    { name: 'statuslens-budgets', rules: budgetRules(promql) },
    // a whole period is a lot to read, and changes slowly
    { name: 'statuslens-budgets-left', interval: promql.window('short'), rules: periodRules(promql) },
    { name: 'statuslens-callers', rules: conductRules(promql) },
    { name: 'statuslens-alerts', rules: alerts },
  ];
}
