import { CONDUCT_METRICS } from '#metric-names';
import type { Settings } from '#settings';
import type { Counters } from './floor.js';

const CONDUCT_GAUGES: ReadonlySet<string> = new Set(
  Object.entries(CONDUCT_METRICS).flatMap(([name, { type }]) => (type === 'gauge' ? [name] : [])),
);

/**
 * Leaves out the gauges of callers whom nobody follows any more, as the settings say: they would stand still for ever, and
 * with them whatever an alert makes of them.
 */
export function withoutStandingGauges(
  counters: Counters,
  { conduct, sources }: Pick<Settings, 'conduct' | 'sources'>,
): Counters {
  const isFollowed = (source: string): boolean => conduct.enabled && sources.has(source);
  const shown = new Map(counters);
  for (const field of counters.keys()) {
    const [metric, source] = field.split('|', 2);
    if (CONDUCT_GAUGES.has(metric!) && !isFollowed(source!)) shown.delete(field);
  }
  return shown;
}
