import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Catalogue or settings have changed since these rules were generated. */
export const rulesOutOfDate: Alert = {
  name: 'RulesOutOfDate',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) =>
    `${promql.value(SCRAPED_METRICS.rulesInfo, ['revision'], `revision!="${promql.scope.revision}"`)} == 1`,
  hold: 'medium',
  ofSource: false,
  ofVendor: false,
  summary: 'these alert rules are not those that statuslens would write today',
  description:
    'The running statuslens follows from revision {{ $labels.revision }} of catalogue and settings; these rules follow from another one.',
  action: 'Write them again: statuslens rules --config statuslens.yaml, then reload Prometheus.',
  restsOn: 'A hash of what rules follow from.',
};
