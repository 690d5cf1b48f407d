import { visibleText } from '#access-log';
import type { Judgement } from '#catalogue';
import { columns } from './columns.js';
import type { VerdictCounts } from './counting/verdict-counts.js';

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
export function summarize(verdicts: VerdictCounts): Summary {
  const { catalogue } = verdicts;
  const rows = new Map<string, Counted>();
  for (const [cell, count] of verdicts.cells()) {
    const { verdict, reason, responsible, action, origin } = catalogue.judgement(cell);
    const vendor = catalogue.vendorName(cell);
    const row = { vendor, code: catalogue.code(cell), verdict, reason, responsible, action, origin };
    const key = JSON.stringify(row);
    rows.set(key, { ...row, count: (rows.get(key)?.count ?? 0) + count });
  }
  return {
    lines: verdicts.lines,
    requests: [...rows.values()].sort(
      (a, b) => b.count - a.count || a.vendor.localeCompare(b.vendor) || a.code - b.code,
    ),
    rejected: [...verdicts.rejections()],
  };
}

const COLUMNS = ['count', 'vendor', 'code', 'verdict', 'responsible', 'action', 'origin'] as const;

const WIDTH = 100;

/** The summary for people, within 100 columns. */
export function summaryTable({ lines, requests, rejected }: Summary): string {
  const rows = requests.map((row) => COLUMNS.map((column) => String(row[column])));
  const table = columns([[...COLUMNS], ...rows], new Set([COLUMNS.indexOf('count')]));
  return [
    ...(requests.length > 0 ? [...table, ''] : []),
    `${lines.classified} classified, ${lines.rejected} rejected, ${lines.ignored} ignored`,
    ...rejected.map(({ reason, count, sample }) =>
      `rejected ${count} as ${reason}, such as: ${visibleText(sample)}`.slice(0, WIDTH),
    ),
    '',
  ].join('\n');
}
