import { VERDICTS, type Action, type Catalogue, type Responsible, type Verdict } from '#catalogue';
import { WENT_WELL } from '#verdict';
import { FORBIDDEN, retriesIn } from '../conduct-report.js';
import type { Bars } from '../timeline.js';
import { notOkIn, requestsIn } from '../verdict-groups.js';
import type { Report } from '../report.js';
import { clock } from './bar-chart.js';

/** What a verdict means to somebody who does not know the words. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  ok: 'went well',
  accepted: 'accepted, to be done later',
  partial_success: 'done in part',
  client_fault: 'wrong request',
  retryable_busy: 'busy, may be sent again',
  gateway_timeout: 'no answer in time',
  server_fault: 'failure of the server',
  undocumented: 'not explained by the document',
};

export const WHO: Readonly<Record<Responsible, string>> = {
  client: 'the callers',
  service: 'the team of the storage service',
  device: 'the team of the storage device',
  gateway: 'the team of the gateway',
  service_or_device: 'the storage team (API server or array)',
  client_or_service: 'the callers, or the service team if it hits many of them',
  nobody: 'nobody',
  unknown: 'nobody whom a document names',
};

export const DISPOSITION_WORDS = {
  allowed: 'allowed',
  wait_first: 'allowed after the promised wait',
  change_first: 'only after a change',
  never: 'never',
  undocumented: 'the document does not say',
} as const;

/** Who must act upon requests that were not ok. Most requests first. */
export interface ToDo {
  readonly responsible: Responsible;
  readonly requests: number;
  readonly rows: readonly {
    readonly vendor: string;
    readonly code: number;
    readonly verdict: Verdict;
    readonly action: Action;
    readonly count: number;
  }[];
}

/** Verdicts of requests that did not do what they were sent for. */
export const NOT_OK: readonly Verdict[] = VERDICTS.filter(
  (verdict) => !(WENT_WELL as readonly string[]).includes(verdict),
);

/** All requests, and those that were not ok. */
export function notOkOf({ requests }: Report): { readonly all: number; readonly bad: number } {
  const sum = (rows: Report['requests']): number => rows.reduce((total, row) => total + row.count, 0);
  return { all: sum(requests), bad: sum(requests.filter(({ verdict }) => NOT_OK.includes(verdict))) };
}

export function toDos({ requests }: Report): ToDo[] {
  const byWho = new Map<Responsible, ToDo['rows'][number][]>();
  for (const row of requests)
    if (NOT_OK.includes(row.verdict))
      byWho.set(row.responsible, [...(byWho.get(row.responsible) ?? []), row]);
  return [...byWho]
    .map(([responsible, rows]) => ({
      responsible,
      rows,
      requests: rows.reduce((sum, { count }) => sum + count, 0),
    }))
    .sort((a, b) => b.requests - a.requests);
}

export const count = (n: number): string => n.toLocaleString('en');

/** `4 writes`, `1 write`. */
export const countOf = (n: number, one: string, many: string): string =>
  `${count(n)} ${n === 1 ? one : many}`;

export const percent = (part: number, whole: number): string => {
  if (whole === 0) return '0 %';
  const share = (100 * part) / whole;
  return share > 0 && share < 0.1 ? 'less than 0.1 %' : `${share.toFixed(share < 10 ? 1 : 0)} %`;
};

/** `21 Nov 07:39 to 09:12 UTC`. */
export function periodText(firstMs: number, lastMs: number): string {
  const minute = (ms: number): number => Math.floor(ms / 60_000) * 60_000;
  const [first, last] = [minute(firstMs), minute(lastMs)];
  const isOneDay = new Date(first).toISOString().slice(0, 10) === new Date(last).toISOString().slice(0, 10);
  return first === last
    ? `${clock(first, true)} UTC`
    : `${clock(first, true)} to ${clock(last, !isOneDay)} UTC`;
}

/** What happened, in sentences that need no explanation. */
export function leadSentences(report: Report, bars: Bars | undefined, nameOf: VendorNames): string[] {
  const { all, bad } = notOkOf(report);
  if (all === 0) return ['There was no request in these logs.'];
  if (bad === 0) return [`All ${count(all)} requests did what they were sent for.`];
  return [
    `${count(bad)} of ${count(all)} requests (${percent(bad, all)}) did not do what they were sent for.`,
    whoSentence(toDos(report), bad, nameOf),
    ...worstSentence(bars, bad / all),
    ...conductSentences(report),
  ];
}

function whoSentence(dos: readonly ToDo[], bad: number, nameOf: VendorNames): string {
  const [{ responsible, requests, rows }] = dos as [ToDo];
  const [{ code, vendor, verdict, count: often }] = rows as [ToDo['rows'][number]];
  const most =
    dos.length === 1
      ? 'All of them'
      : `${requests * 2 > bad ? 'Most of them' : 'The largest part'}, ${count(requests)},`;
  const lies =
    responsible === 'unknown'
      ? 'are explained by no document, so nobody is named for them'
      : `are for ${WHO[responsible]} to act upon`;
  return `${most} ${lies}; the most frequent was ${statusText(code, nameOf(vendor), verdict)}, ${countOf(often, 'time', 'times')}.`;
}

/** `503 from Huawei Cloud (busy, may be sent again)`. */
export const statusText = (code: number, api: string, verdict: Verdict): string =>
  `${code} from ${api} (${VERDICT_WORDS[verdict]})`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const UNITS: readonly (readonly [ms: number, one: string, many: string])[] = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [60_000, 'minute', 'minutes'],
  [1000, 'second', 'seconds'],
];

/** `5 minutes`; of whole seconds. */
export function durationText(ms: number): string {
  const [unit, one, many] = UNITS.find(([length]) => ms % length === 0)!;
  return countOf(ms / unit, one, many);
}

/** What people call a vendor's API. */
export type VendorNames = (vendor: string) => string;

export const vendorNames =
  ({ files }: Catalogue): VendorNames =>
  (vendor) =>
    files.find((file) => file.vendor === vendor)?.name ?? 'an unknown API';

/** A stretch tells something if it is clearly worse than the whole. */
function worstSentence(bars: Bars | undefined, usual: number): string[] {
  if (!bars || bars.bars.length < 3) return [];
  const worst = bars.bars.reduce((most, bar, i) => (notOkIn(bar) > notOkIn(bars.bars[most]!) ? i : most), 0);
  const [bad, all] = [notOkIn(bars.bars[worst]!), requestsIn(bars.bars[worst]!)];
  const from = bars.startMs + worst * bars.widthMs;
  const share = bad / all > 1.2 * usual ? `, ${percent(bad, all)} of the requests of that time` : '';
  return [
    `It was worst from ${clock(from, true)} to ${clock(from + bars.widthMs, false)} UTC: ${count(bad)} failed${share}.`,
  ];
}

function conductSentences({ conduct }: Report): string[] {
  if (!conduct) return [];
  const retries = retriesIn(conduct);
  const forbidden = retriesIn(conduct, FORBIDDEN);
  return [
    ...(retries > 0
      ? [
          `Callers sent ${countOf(retries, 'failed request', 'failed requests')} again; ${forbidden === 0 ? 'none of that was against the document' : `for ${count(forbidden)} of them the document says not to repeat the request as it was`}.`,
        ]
      : []),
    ...(conduct.repeatedWrites > 0
      ? [
          `${countOf(conduct.repeatedWrites, 'write', 'writes')} may have been done twice, because nobody told the caller how the first try ended: please check ${conduct.repeatedWrites === 1 ? 'it' : 'them'}.`,
        ]
      : []),
  ];
}
