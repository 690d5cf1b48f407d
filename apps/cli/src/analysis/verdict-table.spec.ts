import { VERDICTS } from '#catalogue';
import type { Grouping } from './grouping.js';
import { VerdictGroups } from './verdict-groups.js';
import { verdictTable } from './verdict-table.js';

const BY_NAME: Grouping = { by: 'device', isTime: false, keyOf: () => '', nameOf: String };

function tableOf(names: readonly string[], verdicts: readonly number[], most?: number): string[] {
  const groups = new VerdictGroups(most);
  for (const name of names) for (const verdict of verdicts) groups.add(name, verdict);
  return verdictTable(BY_NAME, groups.worst(3));
}

it('has a column for each verdict that there is, and sums up the groups that are not shown', () => {
  expect(tableOf(['a', 'b', 'c', 'd', 'e'], [0, 4])).toEqual([
    '                                  retryable',
    'device      requests  not ok  ok       busy',
    'a                  2       1   1          1',
    'b                  2       1   1          1',
    'c                  2       1   1          1',
    'others (2)         4       2   2          2',
  ]);
});

it('says that more groups came than can be told apart', () => {
  expect(tableOf(['a', 'b'], [0], 1).at(-1)).toBe(
    '"others" has 1 requests of more groups by device than are told apart.',
  );
});

it('shows names that a terminal cannot obey, and stays within 100 columns whatever they are', () => {
  const lines = tableOf(
    ['\u001b[2J', 'x'.repeat(300), 'a rather long name of a device'],
    VERDICTS.map((_, i) => i),
  );
  expect(lines.join('\n')).toContain('\\x1b[2J');
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});
