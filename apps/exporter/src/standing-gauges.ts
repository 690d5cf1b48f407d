import { CONDUCT_METRICS, LEDGER_METRICS, parseLedgerField } from '#metric-names';
import type { Settings } from '#settings';
import type { Counters } from './floor.js';

/**
 * Leaves out the gauges of callers whom nobody follows any more, as the settings say: they would stand still for ever, and
 * with them whatever an alert makes of them.
 */
export function withoutStandingGauges(
  counters: Counters,
  { conduct, sources }: Pick<Settings, 'conduct' | 'sources'>,
): Counters {
  const isFollowed = (source: string): boolean => conduct.enabled && sources.has(source);
  return new Map(
    [...counters].filter(([field]) => {
      const entry = parseLedgerField(field);
      const stands =
        entry !== undefined &&
        Object.hasOwn(CONDUCT_METRICS, entry.metric) &&
        LEDGER_METRICS[entry.metric].type === 'gauge';
      return !stands || isFollowed(entry.labels[0]!);
    }),
  );
}
