import { LEDGER_METRICS } from '#metric-names';
import { promDuration, type PromQL } from './promql.js';

/** Callers are followed only to here: the age in seconds, by source, where lines that came long ago still wait. */
export function behind(promql: PromQL): string {
  const { lateAfterMs, objectives } = promql.scope;
  const long = promDuration(lateAfterMs + objectives.windows.medium);
  const settled = promql.value(LEDGER_METRICS.conductSettled, ['source']);
  return `(
  time() - ${settled}
  and
  max by (${promql.by('source')}) (${LEDGER_METRICS.lastEvent.name} offset ${long}) > ${settled}
)`;
}
