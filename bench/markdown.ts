export type Cell = string | number;

/** Thousands apart; numbers below ten keep two digits. */
export const numberText = (value: number): string =>
  Math.abs(value) < 10
    ? value.toLocaleString('en-US', { maximumFractionDigits: 2 })
    : Math.round(value).toLocaleString('en-US');

const textOf = (cell: Cell): string =>
  typeof cell === 'number' ? numberText(cell) : cell.replaceAll('|', '\\|');
const row = (cells: readonly Cell[]): string => `| ${cells.map(textOf).join(' | ')} |`;
const isNumeric = (cell: Cell): boolean => typeof cell === 'number' || /^\d|^$/.test(cell);

/** A table; columns of numbers are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const alignment = head.map((_, i) =>
    i > 0 && rows.every((cells) => isNumeric(cells[i]!)) ? '--:' : '---',
  );
  return [row(head), row(alignment), ...rows.map(row)].join('\n');
}

export const ratio = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;
