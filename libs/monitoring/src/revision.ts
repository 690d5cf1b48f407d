import { createHash } from 'node:crypto';
import type { RuleScope } from './rule-scope.js';
import { ruleGroups } from './rule-groups.js';

/** Changes whenever the rules would: with a vendor file, an objective, a label of a source or an alert itself. */
export function revisionOf(scope: Omit<RuleScope, 'revision' | 'keptLabels'>): string {
  const groups = ruleGroups({ ...scope, keptLabels: [], revision: '' });
  return createHash('sha256').update(JSON.stringify(groups)).digest('hex').slice(0, 12);
}
