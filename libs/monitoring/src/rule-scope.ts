import type { Catalogue } from '#catalogue';
import type { Objectives } from './objectives.js';

/** What rules are generated from. */
export interface RuleScope {
  readonly catalogue: Catalogue;
  readonly objectives: Objectives;
  /** Callers are followed so long after the fact, in milliseconds: by then all lines should be there. */
  readonly lateAfterMs: number;
  /** Labels that the sources of the settings carry (team, service, env …); alerts of a source carry them too. */
  readonly sourceLabels: readonly string[];
  /** Labels that every series has from Prometheus itself (cluster …); aggregations keep them. */
  readonly keptLabels: readonly string[];
  /** Of what the rules follow from; an alert tells when a running statuslens follows from something else. */
  readonly revision: string;
}
