export type Cell = string | number;

/** Thousands apart; numbers below ten keep two digits. */
export const numberText = (value: number): string =>
  Math.abs(value) < 10
    ? value.toLocaleString('en-US', { maximumFractionDigits: 2 })
    : Math.round(value).toLocaleString('en-US');

const row = (cells: readonly Cell[]): string =>
  `| ${cells.map((cell) => (typeof cell === 'number' ? numberText(cell) : cell)).join(' | ')} |`;

/** A table whose first column is text, and whose others are numbers. */
export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [row(head), row(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n');

export const ratio = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;
