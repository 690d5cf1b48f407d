import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import type { PromQL } from '../promql.js';

/** Documents that say themselves that there are other statuses. */
function openLists({ scope }: PromQL): string {
  const open = scope.catalogue.files.filter(({ document }) => document.open_list === true);
  return open.length === 0 ? '' : `, vendor!~"${open.map(({ vendor }) => vendor).join('|')}"`;
}

/** The API has moved on, or the document never knew. */
export const undocumentedStatus: Alert = {
  name: 'UndocumentedStatus',
  severity: 'ticket',
  responsible: 'unknown',
  expression: (promql) =>
    `${promql.increase(LEDGER_METRICS.undocumented, ['source', 'vendor'], 'long', `origin="vendor"${openLists(promql)}`)} >= 5`,
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} sends statuses that its document does not know',
  description:
    '{{ $value | printf "%.0f" }} responses had a status that the document of the vendor does not list.',
  action:
    'See the codes on the Vendor dashboard. Was the API upgraded? Ask the vendor, then add the status to the vendor file.',
  restsOn:
    'Who made the status, so only sources whose log shows it. Documents that call their own list open are left out.',
};
