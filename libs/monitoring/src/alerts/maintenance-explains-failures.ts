import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { MAINTENANCE_AGE, NOT_OK, indent, type PromQL } from '../promql.js';
import { deviceMostlyFailing } from './device-mostly-failing.js';

const OF_VENDOR = ['source', 'vendor'];
const FAILING = (promql: PromQL, matchers = ''): string =>
  promql.rate(LEDGER_METRICS.requests, OF_VENDOR, 'short', `${matchers}${NOT_OK}`);

/** Failing requests of devices that nobody suspects of maintenance. */
const ELSEWHERE = (promql: PromQL): string => `sum by (${promql.by(...OF_VENDOR)}) (
  ${promql.rate(LEDGER_METRICS.device, [...OF_VENDOR, 'device'], 'short', NOT_OK)}
  unless
  ${MAINTENANCE_AGE}
)`;

/** Another device that there is a page about: a page about the vendor would stand in for it. */
const ANOTHER = (promql: PromQL): string => `(
${indent(deviceMostlyFailing.expression(promql))}
  unless on (${promql.by(...OF_VENDOR, 'device')})
  ${MAINTENANCE_AGE}
)`;

/** Whether pages about a whole vendor are about its devices under maintenance; Alertmanager inhibits those. */
export const maintenanceExplainsFailures: Alert = {
  name: 'MaintenanceExplainsFailures',
  severity: 'info',
  responsible: 'service',
  expression: (promql) => `max by (${promql.by(...OF_VENDOR)}) (${MAINTENANCE_AGE})
and
${FAILING(promql, 'code="503", origin!="gateway", ')}
>= 0.9 * (${FAILING(promql)})
unless
${indent(ELSEWHERE(promql)).trimStart()}
> 0.1 * (${FAILING(promql)})
unless on (${promql.by(...OF_VENDOR)})
${ANOTHER(promql)}`,
  ofSource: true,
  ofVendor: true,
  summary:
    'nearly all that fails of {{ $labels.vendor }} behind {{ $labels.source }} seems to be under maintenance',
  description:
    'Nearly every failing request got 503, and nearly none of them went to a device that answers others; the first of these devices has been so for {{ $value | humanizeDuration }}.',
  action:
    'Nothing: DeviceMaintenanceSuspected tells of the devices. Pages about the vendor as a whole wait as long as this holds.',
  restsOn: 'DeviceMaintenanceSuspected, and the statuses of all requests that fail.',
  toSee: {
    commands: ['npx statuslens analyze access.log --by device'],
    queries: (promql) => [
      promql.rate(LEDGER_METRICS.requests, ['vendor', 'code', 'origin'], 'short', NOT_OK),
      promql.rate(LEDGER_METRICS.device, ['vendor', 'device', 'verdict'], 'short', NOT_OK),
    ],
  },
  doubts: 'As DeviceMaintenanceSuspected: an API that answers 503 to everything may be down.',
};
