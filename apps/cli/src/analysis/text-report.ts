import { visibleText } from '#access-log';
import { columns } from '../columns.js';
import { amount, instant } from '../units.js';
import { wrapped } from '../wrapped.js';
import { FORBIDDEN, retriesIn, type ConductReport } from './conduct-report.js';
import type { Grouped } from './log-review.js';
import { rankingOf, type Report } from './report.js';
import { verdictTable } from './verdict-table.js';

const WIDTH = 100;
const SUSPECTS_SHOWN = 20;

/** What was asked for besides the summary, for people, within 100 columns. */
export function textReport(report: Report, tables: readonly Grouped[], top: number): string {
  const sections = [
    spanNote(report),
    ...tables.map((table) => verdictTable(table.grouping, rankingOf(table, top))),
    ...(report.callers && report.conduct ? conductSections(report.callers, report.conduct) : []),
  ].filter((lines) => lines.length > 0);
  return sections.map((lines) => `\n${lines.join('\n')}\n`).join('');
}

function spanNote({ time: { since, until, outside, untimed } }: Report): string[] {
  if (since === null && until === null) return [];
  const span = [...(since === null ? [] : [`from ${since}`]), ...(until === null ? [] : [`until ${until}`])];
  return [
    `Requests ${span.join(' ')}; left out: ${outside} of other times, ${untimed} without a time.`,
    'Lines that were rejected or ignored are those of all times.',
  ];
}

function conductSections(callers: NonNullable<Report['callers']>, conduct: ConductReport): string[][] {
  return [callersTable(callers), sentences(conduct), retriesTable(conduct), suspectsTable(conduct)];
}

function callersTable(callers: NonNullable<Report['callers']>): string[] {
  if (callers.length === 0) return [];
  const rows = callers.map(({ group, requests, notOk, forbiddenRepeats }) => [
    String(notOk),
    String(requests),
    String(forbiddenRepeats),
    visibleText(group),
  ]);
  return cutAll(
    columns([['not ok', 'requests', 'forbidden repeats', 'caller'], ...rows], new Set([0, 1, 2])),
  );
}

/** Each says what was found, or that nothing was. */
function sentences(conduct: ConductReport): string[] {
  const { requests, amplification, waits, chains, unknownWrites, repeatedWrites, skipped } = conduct;
  const notFollowed = Object.entries(skipped).map(([reason, count]) => `${count} ${reason}`);
  const { worst } = amplification;
  const all = [
    `Followed the callers of ${amount(requests, 'request', 'requests')}` +
      (notFollowed.length > 0 ? `; could not follow: ${notFollowed.join(', ')}.` : '.'),
    `${amount(retriesIn(conduct), 'retry', 'retries')}, ${retriesIn(conduct, FORBIDDEN)} of them of what the document forbids to repeat unchanged.`,
    ...(worst
      ? [
          `Most requests per operation: ${worst.ratio.toFixed(2)} in the five minutes from ${instant(worst.fromMs)} (${amount(worst.requests, 'request', 'requests')}).`,
        ]
      : []),
    ...listed('Promised waits', waits),
    ...listed(
      'Operations that failed at first',
      Object.fromEntries(
        Object.entries(chains).map(([outcome, { operations, requests }]) => [
          `${outcome} (${amount(requests, 'request', 'requests')})`,
          operations,
        ]),
      ),
    ),
    `${amount(unknownWrites, 'write', 'writes')} of unknown outcome, ${repeatedWrites} of them sent again: what they make may be there twice.`,
  ];
  return all.flatMap((sentence) => wrapped(sentence, WIDTH));
}

const listed = (title: string, counts: Readonly<Record<string, number>>): string[] =>
  Object.keys(counts).length === 0
    ? []
    : [
        `${title}: ${Object.entries(counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(', ')}.`,
      ];

function retriesTable({ retries }: ConductReport): string[] {
  if (retries.length === 0) return [];
  const rows = retries.map(({ requests, vendor, previousCode, disposition }) => [
    String(requests),
    vendor,
    String(previousCode),
    disposition,
  ]);
  return columns([['retries', 'vendor', 'after', 'the document says'], ...rows], new Set([0]));
}

function suspectsTable({ suspects }: ConductReport): string[] {
  if (suspects.length === 0) return [];
  const rows = suspects
    .slice(0, SUSPECTS_SHOWN)
    .map(({ method, path, first, again }) => [
      instant(first.at),
      instant(again.at),
      String(first.code || 'none'),
      visibleText(`${method} ${path}`),
    ]);
  const more = suspects.length - SUSPECTS_SHOWN;
  return [
    ...cutAll(columns([['sent', 'sent again', 'after', 'what may be there twice'], ...rows])),
    ...(more > 0 ? [`and ${more} more; --json has them`] : []),
  ];
}

const cutAll = (lines: readonly string[]): string[] =>
  lines.map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line));
