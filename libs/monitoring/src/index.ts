export * from './objectives.js';
export { SEVERITIES, type Alert } from './alert.js';
export { TOLD } from './alert-rule.js';
export { ALERTS } from './alerts/index.js';
export { ruleGroups, type RuleGroup } from './rule-groups.js';
export { RULE_FORMATS, type RuleFormat } from './rule-formats.js';
export { revisionOf } from './revision.js';
export { runbook } from './runbook.js';
export type { RuleScope } from './rule-scope.js';
