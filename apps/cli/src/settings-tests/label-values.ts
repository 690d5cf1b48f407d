import { ACTIONS, ORIGINS, REASONS, RESPONSIBLE, VERDICTS } from '#catalogue';
import { BATCH_OUTCOMES, DEAD_REASONS, LINE_OUTCOMES } from '#metric-names';
import type { Settings, Source } from '#settings';
import { REJECTIONS } from '#verdict';
import type { Selector } from './metric-selector.js';

/**
 * A misspelt label value would always be 0, and a test for 0 would always pass.
 * @returns what is wrong with a value that its label can never have
 */
export function impossibleValue(selector: Selector, settings: Settings, source: Source): string | undefined {
  const lists = possibleValues(selector, settings, source);
  for (const [label, value] of Object.entries(selector.labels)) {
    const possible = lists[label];
    if (possible && !possible.includes(value))
      return `asks for ${label}=${JSON.stringify(value)}; it may be: ${possible.join(', ')}`;
  }
  return undefined;
}

const possibleValues = (
  { metric }: Selector,
  { catalogue }: Settings,
  { name }: Source,
): Readonly<Record<string, readonly string[]>> => ({
  source: [name],
  vendor: catalogue.vendors,
  verdict: VERDICTS,
  reason: metric === 'rejected' ? REJECTIONS : metric === 'deadBatches' ? DEAD_REASONS : REASONS,
  responsible: Object.keys(RESPONSIBLE),
  action: Object.keys(ACTIONS),
  origin: ORIGINS,
  outcome: metric === 'lines' ? LINE_OUTCOMES : BATCH_OUTCOMES,
});
