import { visibleText } from '#access-log';
import { VERDICTS } from '#catalogue';
import type { Grouping } from './grouping.js';
import { notOkIn, requestsIn, type Ranking, type VerdictCounts } from './verdict-groups.js';

const WIDTH = 100;
const GAP = 2;

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

/** The groups as a table of at most 100 columns; names that do not fit stand above their numbers. */
export function verdictTable(grouping: Grouping, { shown, others, beyond }: Ranking): string[] {
  const seen = VERDICTS.map((_, verdict) => verdict).filter((verdict) =>
    [...shown, ...(others ? [others] : [])].some(({ counts }) => counts[verdict]! > 0),
  );
  const cellsOf = (counts: VerdictCounts): string[] =>
    [requestsIn(counts), notOkIn(counts), ...seen.map((verdict) => counts[verdict]!)].map(String);
  const heads = [['', 'requests'], ['', 'not ok'], ...seen.map((verdict) => headOf(VERDICTS[verdict]!))];
  const rows: Row[] = [
    { name: '', cells: heads.map(([upper]) => upper!) },
    { name: grouping.by, cells: heads.map(([, lower]) => lower!) },
    ...shown.map(({ key, counts }) => ({ name: visibleText(grouping.nameOf(key)), cells: cellsOf(counts) })),
    ...(others ? [{ name: othersName(others.groups), cells: cellsOf(others.counts) }] : []),
  ];
  return [...linesOf(rows), ...(beyond > 0 ? [beyondNote(beyond, grouping.by)] : [])];
}

const othersName = (groups: number): string => (groups > 0 ? `others (${groups})` : 'others');

const beyondNote = (beyond: number, by: string): string =>
  `"others" has ${beyond} requests of more groups by ${by} than are told apart.`;

/** A verdict of two words in two lines. */
const headOf = (verdict: string): [upper: string, lower: string] => {
  const [first, second] = verdict.split('_');
  return second === undefined ? ['', first!] : [first!, second];
};

function linesOf(rows: readonly Row[]): string[] {
  const widths = rows[0]!.cells.map((_, i) => Math.max(...rows.map(({ cells }) => cells[i]!.length)));
  const room = WIDTH - widths.reduce((sum, width) => sum + GAP + width, 0);
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const nameWidth = Math.max(0, Math.min(room, longest));
  const numbers = (cells: readonly string[]): string =>
    cells.map((cell, i) => ' '.repeat(GAP) + cell.padStart(widths[i]!)).join('');
  return rows
    .flatMap(({ name, cells }) =>
      name.length <= nameWidth
        ? [name.padEnd(nameWidth) + numbers(cells)]
        : [cut(name), ' '.repeat(nameWidth) + numbers(cells)],
    )
    .map((line) => line.trimEnd());
}

const cut = (name: string): string => (name.length > WIDTH ? `${name.slice(0, WIDTH - 1)}…` : name);
