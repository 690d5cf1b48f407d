import type { Alert } from '../alert.js';
import { PROMISED_WAIT, promDuration, type PromQL } from '../promql.js';

const MAINTENANCE = (promql: PromQL): string => `${PROMISED_WAIT}:rate${promql.window('short')}`;
/** Finer than what is taken off the window: with the evaluation interval it might not end. */
const STEP = (promql: PromQL): string => promDuration(promql.scope.objectives.windows.medium / 60);

/** Stands in for a page while a promised wait lasts; Alertmanager inhibits the page meanwhile. */
export const maintenanceSuspected: Alert = {
  name: 'MaintenanceSuspected',
  severity: 'ticket',
  responsible: 'service',
  expression: (promql) =>
    promql.ofThePresent(`(
  time() - min_over_time(timestamp(${MAINTENANCE(promql)})[${promql.window('medium')}:${STEP(promql)}])
)
< on (${promql.by('source', 'vendor')})
clamp_max(${MAINTENANCE(promql)}, ${promql.seconds('medium')} * 0.95)`),
  ofSource: true,
  ofVendor: true,
  summary: '{{ $labels.vendor }} behind {{ $labels.source }} seems to be under maintenance',
  description:
    'Nearly every request is told to wait, and for how long; that began {{ $value | humanizeDuration }} ago.',
  action:
    'Wait for the promised time. While this alert is active it stands in for the page; when the promise is over, the page comes back.',
  restsOn: 'Retry-After in the log, and that nearly all requests get it.',
};
