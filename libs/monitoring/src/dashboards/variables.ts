import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { DashboardScope } from '../dashboard-scope.js';
import { braces } from '../promql.js';

/** The Prometheus that is chosen. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const { name: REQUESTS } = LEDGER_METRICS.requests;
const { name: SOURCES } = SCRAPED_METRICS.sourceInfo;

/** What can be chosen on every dashboard. */
export function variables({ keptLabels }: DashboardScope): Builder<VariableModel>[] {
  const kept = keptLabels.map((label) => `${label}=~"$${label}"`);
  const within = (metric: string, ...matchers: string[]): string => `${metric}${braces(matchers.join(', '))}`;
  return [
    new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
    ...keptLabels.map((label) => choice(label, SOURCES, 'A label that Prometheus adds.')),
    choice('source', within(SOURCES, ...kept), 'Where log lines come from.'),
    choice('vendor', within(REQUESTS, ...kept, 'source=~"$source"'), 'Whose document judges the statuses.'),
  ];
}

/** Values of a label; All is every value, also one that appears later. */
const choice = (label: string, series: string, about: string): Builder<VariableModel> =>
  new QueryVariableBuilder(label)
    .label(label)
    .description(about)
    .datasource(DATASOURCE)
    .query({ qryType: 1, query: `label_values(${series}, ${label})`, refId: `variable-${label}` })
    .definition(`label_values(${series}, ${label})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
