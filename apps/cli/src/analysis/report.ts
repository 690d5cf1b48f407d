import { VERDICTS } from '#catalogue';
import { summarize, type Summary } from '../summary.js';
import type { ConductReport } from './conduct-report.js';
import type { Grouping } from './grouping.js';
import type { Grouped, LogReview } from './log-review.js';
import { notOkIn, requestsIn, type Ranking, type VerdictCounts } from './verdict-groups.js';

/** All that `statuslens analyze` found out, as plain data. Times are RFC 3339. */
export interface Report extends Summary {
  readonly time: ReportedTime;
  readonly by: readonly ReportedTable[];
  /** Those with most requests that were not ok, and how often they repeated what the document forbids to repeat. */
  readonly callers?: readonly (ReportedGroup & { readonly forbiddenRepeats: number })[];
  readonly conduct?: ConductReport;
}

interface ReportedTime {
  /** Of the requests that were counted; null where none has a time. */
  readonly first: string | null;
  readonly last: string | null;
  /** As asked for; null where not. */
  readonly since: string | null;
  readonly until: string | null;
  /** Requests before or after that, which are left out. */
  readonly outside: number;
  /** Requests of which the log tells no time; left out if a time was asked for. */
  readonly untimed: number;
}

export interface ReportedTable {
  /** What the groups are of, such as `5m` or `device`. */
  readonly by: string;
  readonly groups: readonly ReportedGroup[];
  /** The sum of those that are not shown; null where all are. */
  readonly others: (Omit<ReportedGroup, 'group'> & { readonly groups: number }) | null;
  /** Requests of more groups than are told apart; part of the others. */
  readonly beyond: number;
}

export interface ReportedGroup {
  readonly group: string;
  readonly requests: number;
  readonly notOk: number;
  /** Only those that there are. */
  readonly verdicts: Readonly<Record<string, number>>;
}

/** The groups of a table that are shown. */
export const rankingOf = ({ grouping, groups }: Grouped, top: number): Ranking =>
  grouping.isTime ? groups.worstInOrder(top) : groups.worst(top);

/** What was found in a log, some of it only if it was asked for. */
type Found = Pick<LogReview, 'verdicts' | 'review'> &
  Partial<Pick<LogReview, 'tables' | 'callers' | 'conduct'>>;

/** @param top so many groups of each kind, and callers */
export function reportOf(
  { verdicts, review, tables = [], callers, conduct }: Found,
  { since, until }: { readonly since?: number; readonly until?: number },
  top: number,
): Report {
  return {
    ...summarize(verdicts),
    time: {
      first: timeText(review.firstMs),
      last: timeText(review.lastMs),
      since: timeText(since),
      until: timeText(until),
      outside: review.outside,
      untimed: review.untimed,
    },
    by: tables.map((table) => tableOf(table, top)),
    ...(callers &&
      conduct && {
        callers: callers.groups
          .worst(top)
          .shown.filter(({ key, counts }) => notOkIn(counts) > 0 || conduct.forbidden.has(key))
          .map(({ key, counts }) => ({
            group: callers.grouping.nameOf(key),
            ...countsOf(counts),
            forbiddenRepeats: conduct.forbidden.get(key) ?? 0,
          })),
        conduct: namingCallers(conduct.report(), callers.grouping),
      }),
  };
}

/** Hashes of callers mean nothing to people, and a hash of an address can be found out. */
const namingCallers = (conduct: ConductReport, { nameOf }: Pick<Grouping, 'nameOf'>): ConductReport => ({
  ...conduct,
  suspects: conduct.suspects.map((suspect) => ({
    ...suspect,
    caller: suspect.consumer || nameOf(Number.parseInt(suspect.caller, 16)),
  })),
});

const timeText = (ms: number | undefined): string | null =>
  ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString();

function tableOf(table: Grouped, top: number): ReportedTable {
  const { shown, others, beyond } = rankingOf(table, top);
  return {
    by: table.grouping.by,
    groups: shown.map(({ key, counts }) => ({ group: table.grouping.nameOf(key), ...countsOf(counts) })),
    others: others ? { groups: others.groups, ...countsOf(others.counts) } : null,
    beyond,
  };
}

const countsOf = (counts: VerdictCounts): Omit<ReportedGroup, 'group'> => ({
  requests: requestsIn(counts),
  notOk: notOkIn(counts),
  verdicts: Object.fromEntries(
    VERDICTS.flatMap((verdict, i) => (counts[i]! > 0 ? [[verdict, counts[i]!]] : [])),
  ),
});
