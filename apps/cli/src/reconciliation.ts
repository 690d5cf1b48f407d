import { minuteText, startOf, totalOf, type LinesByHour } from './hours.js';

/** Lines of one kind, a status or `rejected` or `ignored`, on both sides. */
interface Compared {
  readonly code: string;
  readonly file: number;
  readonly counted: number;
  /** Counted, but not in the file; negative for the reverse. */
  readonly difference: number;
}

interface ComparedHour extends Compared {
  /** Such as `2026-11-21 07:00`, UTC; `unknown` for lines without a time. */
  readonly hour: string;
}

export interface Reconciliation {
  readonly hours: readonly ComparedHour[];
  readonly total: readonly Compared[];
  /** Whether every total is, to the line. */
  readonly equal: boolean;
}

/** Compares what was logged with what was counted. */
export function reconcileLines(logged: LinesByHour, counted: LinesByHour): Reconciliation {
  const hours = [...new Set([...logged.keys(), ...counted.keys()])].sort((a, b) => a - b);
  const total = compared(totalOf(logged), totalOf(counted));
  return {
    hours: hours.flatMap((hour) =>
      compared(logged.get(hour), counted.get(hour)).map((row) => ({ hour: hourText(hour), ...row })),
    ),
    total,
    equal: total.every(({ difference }) => difference === 0),
  };
}

function compared(
  file: ReadonlyMap<string, number> = new Map(),
  counted: ReadonlyMap<string, number> = new Map(),
): Compared[] {
  return [...new Set([...file.keys(), ...counted.keys()])]
    .map((code) => row(code, file.get(code) ?? 0, counted.get(code) ?? 0))
    .filter((row) => row.file !== 0 || row.counted !== 0)
    .sort((a, b) => a.code.localeCompare(b.code));
}

const row = (code: string, file: number, counted: number): Compared => ({
  code,
  file,
  counted,
  difference: counted - file,
});

const hourText = (hour: number): string => (hour < 0 ? 'unknown' : minuteText(startOf(hour)));

const WIDTHS = [16, 8, 14, 14, 14] as const;

/** For people, well within 100 columns. */
export function reconciliationTable({ hours, total, equal }: Reconciliation): string {
  return [
    line('hour (UTC)', 'code', 'in the file', 'counted', 'difference'),
    ...hours.map(({ hour, ...row }) => line(hour, ...cells(row))),
    '',
    ...total.map((row) => line('total', ...cells(row))),
    '',
    equal ? verdictOfEqual(hours) : verdictOfDifferent(total),
    '',
  ].join('\n');
}

const cells = ({ code, file, counted, difference }: Compared): string[] => [
  code,
  String(file),
  String(counted),
  difference > 0 ? `+${difference}` : String(difference),
];

const line = (...texts: string[]): string =>
  texts
    .map((text, i) => (i < 2 ? text.padEnd(WIDTHS[i]!) : text.padStart(WIDTHS[i]!)))
    .join('  ')
    .trimEnd();

const verdictOfEqual = (hours: readonly ComparedHour[]): string =>
  hours.every(({ difference }) => difference === 0)
    ? 'equal: every line was counted, in the hour in which it was logged'
    : 'equal: every line was counted, some in another hour than that in which they were logged';

function verdictOfDifferent(total: readonly Compared[]): string {
  const sum = (sign: 1 | -1): number =>
    total.reduce((lines, { difference }) => lines + Math.max(0, sign * difference), 0);
  return `different: ${sum(-1)} in the file and not counted, ${sum(1)} counted and not in the file`;
}
