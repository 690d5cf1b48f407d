import { LEDGER_METRICS } from '#metric-names';
import {
  AMPLIFICATION,
  EARLY_RETURNS,
  MAINTENANCE_AGE,
  RETRIES,
  indent,
  promDuration,
  type PromQL,
} from './promql.js';
import type { RecordingRule } from './recording-rules.js';

/** What callers do after a status: each share where there is anything to take it of. */
export function conductRules(promql: PromQL): RecordingRule[] {
  const ratio = `ratio_rate${promql.window('short')}`;
  return [
    { record: `${AMPLIFICATION}:${ratio}`, expr: amplification(promql) },
    { record: `${RETRIES}:${ratio}`, expr: retryShares(promql) },
    { record: `${EARLY_RETURNS}:${ratio}`, expr: earlyReturns(promql) },
    { record: MAINTENANCE_AGE, expr: maintenanceAge(promql) },
  ];
}

const OF_VENDOR = ['source', 'vendor'];

const followed = (promql: PromQL): string => promql.rate(LEDGER_METRICS.conductRequests, OF_VENDOR, 'short');

/**
 * Requests / (requests - retries). It ends at 100: where a window has nothing but retries, there is no operation to
 * divide by, and that is when it matters most.
 */
const amplification = (promql: PromQL): string => `1 / (
  1 - clamp_max(
    ${promql.rate(LEDGER_METRICS.retries, OF_VENDOR, 'short')}
    / (${followed(promql)} > 0),
    0.99
  )
)
or
clamp(${followed(promql)} > 0, 1, 1)`;

const retryShares = (promql: PromQL): string =>
  `${promql.rate(LEDGER_METRICS.retries, [...OF_VENDOR, 'disposition'], 'short')}
/ on (${promql.by(...OF_VENDOR)}) group_left ()
(${followed(promql)} > 0)`;

/** Who never came back was neither early nor patient. */
function earlyReturns(promql: PromQL): string {
  const returns = (outcomes: string): string =>
    promql.rate(LEDGER_METRICS.retryWaits, OF_VENDOR, 'short', `outcome=~"${outcomes}"`);
  return `${returns('early')}
/ (${returns('kept|early')} > 0)`;
}

/** A device that refuses everything for too long is not believed to be under maintenance any more. */
function maintenanceAge(promql: PromQL): string {
  const { maintenanceMs, scrapeIntervalMs } = promql.scope.objectives;
  const suspected = `${promql.value(LEDGER_METRICS.maintenance, [...OF_VENDOR, 'device'])} == 1`;
  // longer than it is believed, so that what began before is seen to have
  const range = `[${promDuration(maintenanceMs * 1.1)}:${promDuration(scrapeIntervalMs)}]`;
  return `(
  time() - min_over_time(
${indent(indent(`timestamp(${suspected})`))}${range}
  )
)
< ${maintenanceMs / 1000}
and
${suspected}`;
}
