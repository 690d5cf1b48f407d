import { revisionOf, type RuleScope } from '#monitoring';
import type { Settings } from './settings.js';

/** What rules and dashboards of these settings follow from. @param keptLabels labels that Prometheus itself adds */
export function ruleScopeOf(
  { catalogue, sources, objectives, lateAfterMs }: Settings,
  keptLabels: readonly string[] = [],
): RuleScope {
  const labels = [...sources.values()].flatMap((source) => Object.keys(source.labels));
  const scope = { catalogue, objectives, lateAfterMs, sourceLabels: [...new Set(labels)].sort() };
  return { ...scope, keptLabels, revision: revisionOf(scope) };
}
