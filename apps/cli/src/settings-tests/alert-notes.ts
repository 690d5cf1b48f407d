import type { Settings } from '#settings';
import type { Timing } from './alert-world.js';
import type { CountedLog } from './counted-log.js';
import type { Finding } from './finding.js';

/** Why alerts that were expected may have been quiet. */
export function alertNotes(
  { classified, late }: Pick<CountedLog, 'classified' | 'late'>,
  { objectives }: Pick<Settings, 'objectives'>,
  { repeatMs, forMs }: Timing,
): Finding[] {
  const { windows, slo } = objectives;
  const seen = Math.floor((classified * windows.short) / repeatMs);
  const few = seen < slo.minimumRequests;
  return [
    ...(forMs < repeatMs ? ['the log never came: `repeat` is longer than `for`'] : []),
    ...(late > 0
      ? [`${late} of ${classified} requests were late, and alerts leave those out; see \`received\``]
      : []),
    ...(few
      ? [
          `there were ${seen} requests in ${windows.short / 60_000} minutes, and few say little; see \`repeat\``,
        ]
      : []),
  ].map((text) => ({ of: 'note', name: '', text }));
}
