import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { MAINTENANCE_AGE, type PromQL } from '../promql.js';

const SUSPECTED = (promql: PromQL): string =>
  promql.value(LEDGER_METRICS.maintenance, ['source', 'vendor', 'device']);

/** Stands in for the page about this device; Alertmanager inhibits that meanwhile. */
export const deviceMaintenanceSuspected: Alert = {
  name: 'DeviceMaintenanceSuspected',
  severity: 'ticket',
  responsible: 'service',
  expression: () => `${MAINTENANCE_AGE}{device!=""}`,
  ofSource: true,
  ofVendor: true,
  summary:
    'device {{ $labels.device }} of {{ $labels.vendor }} behind {{ $labels.source }} seems to be under maintenance',
  description:
    'Everything that several callers ask of it has been answered 503 for {{ $value | humanizeDuration }}.',
  action:
    'See whether maintenance of this device was planned. If it was, silence its alerts until the end of it; if not, act as if the page had come. It comes after monitoring.maintenance at the latest.',
  restsOn:
    'The device in the path or the log, and that several callers get 503 of every route, and nothing else.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by device'],
    queries: (promql) => [
      `${SUSPECTED(promql)} == 1`,
      promql.rate(LEDGER_METRICS.device, ['vendor', 'device', 'verdict'], 'short'),
    ],
  },
  doubts:
    'An outage in which the API answers 503 to everything looks the same. Therefore it is believed for the time of monitoring.maintenance alone, and is a ticket, not silence.',
};
