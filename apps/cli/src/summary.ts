import type { Judgement } from '#catalogue';
import type { Tally } from '#verdict';
import { visible } from './visible.js';

type Counted = Pick<Judgement, 'verdict' | 'reason' | 'responsible' | 'action' | 'origin'> & {
  readonly vendor: string;
  readonly code: number;
  readonly count: number;
};

/** What `statuslens analyze --json` prints. */
export interface Summary {
  readonly lines: { readonly classified: number; readonly rejected: number; readonly ignored: number };
  readonly requests: readonly Counted[];
  readonly rejected: readonly { readonly reason: string; readonly count: number; readonly sample: string }[];
}

/** Cells that differ only in flags or citation are one row. Most frequent first. */
export function summarize(tally: Tally): Summary {
  const rows = new Map<string, Counted>();
  for (const [cell, count] of tally.cells()) {
    const { verdict, reason, responsible, action, origin } = tally.catalogue.judgement(cell);
    const row = {
      vendor: tally.catalogue.vendorName(cell),
      code: tally.catalogue.code(cell),
      verdict,
      reason,
      responsible,
      action,
      origin,
    };
    const key = JSON.stringify(row);
    rows.set(key, { ...row, count: (rows.get(key)?.count ?? 0) + count });
  }
  return {
    lines: { classified: tally.classified, rejected: tally.rejectedLines, ignored: tally.ignored },
    requests: [...rows.values()].sort(
      (a, b) => b.count - a.count || a.vendor.localeCompare(b.vendor) || a.code - b.code,
    ),
    rejected: [...tally.rejections()],
  };
}

const COLUMNS = ['count', 'vendor', 'code', 'verdict', 'responsible', 'action', 'origin'] as const;

const WIDTH = 100;

/** The summary for people, within 100 columns. */
export function summaryTable({ lines, requests, rejected }: Summary): string {
  const cells = [[...COLUMNS], ...requests.map((row) => COLUMNS.map((column) => String(row[column])))];
  const widths = COLUMNS.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const table = cells.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...(requests.length > 0 ? [...table, ''] : []),
    `${lines.classified} classified, ${lines.rejected} rejected, ${lines.ignored} ignored`,
    ...rejected.map(({ reason, count, sample }) =>
      `rejected ${count} as ${reason}, such as: ${visible(sample)}`.slice(0, WIDTH),
    ),
    '',
  ].join('\n');
}
