import type { CountedLog } from './counted-log.js';
import type { Finding } from './finding.js';
import { isSelected, parseSelector, type Selector } from './metric-selector.js';

/** Binary fractions do not add up to the last digit. */
const DIGITS = 12;

/** Where series do not add up to what is expected. */
export const metricFindings = (
  expected: Readonly<Record<string, number>>,
  samples: CountedLog['samples'],
): Finding[] =>
  Object.entries(expected).flatMap(([name, wanted]) => {
    const values = valuesOf(parseSelector(name) as Selector, samples);
    const is = rounded(values.reduce((sum, value) => sum + value, 0));
    if (is === rounded(wanted)) return [];
    const text = `expected ${wanted}, ${values.length > 0 ? `is ${is}` : 'there is no such series'}`;
    return [{ of: 'metric', name, text }];
  });

const valuesOf = (selector: Selector, samples: CountedLog['samples']): number[] =>
  (samples.get(selector.metric) ?? [])
    .filter((sample) => isSelected(selector, sample))
    .map(({ value }) => value);

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
