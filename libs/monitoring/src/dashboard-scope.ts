import type { RuleScope } from './rule-scope.js';

/** What dashboards are generated from. */
export interface DashboardScope extends RuleScope {
  /** Where the lines of a source can be read; {vendor}, {code}, {from} and {to} stand for what is looked for. */
  readonly logLinks: readonly { readonly source: string; readonly url: string }[];
  /** Address under which browsers reach the exporter, for its pages on statuses. */
  readonly exporter: string;
}
