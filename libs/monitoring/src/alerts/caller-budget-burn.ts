import type { Alert } from '../alert.js';
import { burning } from '../burning.js';

/** The budget of the callers. */
export const callerBudgetBurn: Alert = {
  name: 'CallerBudgetBurn',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => burning(promql, 'caller', 'slow'),
  ofSource: true,
  ofVendor: true,
  summary: 'callers of {{ $labels.vendor }} behind {{ $labels.source }} burn their error budget',
  description:
    'Requests that only their callers can put right are {{ $value | humanize }} times as frequent as the objective allows.',
  action:
    'Find the consumers on the Incident dashboard and tell their owners what the document says of the codes they get.',
  restsOn: 'The document of the vendor; a missing permission may hide behind 404.',
};
