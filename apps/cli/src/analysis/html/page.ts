import { createHash } from 'node:crypto';
import { ACTIONS, VERDICTS } from '#catalogue';
import { DISPOSITIONS } from '#metric-names';
import { VERSION } from '#settings';
import { instant } from '../../units.js';
import type { ConductReport } from '../conduct-report.js';
import type { LogReview } from '../log-review.js';
import type { Report, ReportedGroup, ReportedTable } from '../report.js';
import { barChart } from './bar-chart.js';
import { html, Markup } from './markup.js';
import {
  DISPOSITION_WORDS,
  VERDICT_WORDS,
  WHO,
  count,
  countOf,
  leadSentences,
  percent,
  periodText,
  toDos,
  vendorText,
} from './plain-words.js';
import { STYLE } from './style.js';

const MOST_BARS = 120;
const TOP = 10;
const WELL = 2; // ok and accepted are the first verdicts
const ROWS_PER_TEAM = 5;
const SUSPECTS_SHOWN = 50;

/** One page that needs no other file, no script and no network, for people who were not there. */
export function htmlPage(report: Report, log: LogReview): string {
  const title = 'Incident review';
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
  const bars = log.timeline?.bars(MOST_BARS);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="soft">${periodOf(log)}</p>
        </header>
        ${lead(report, log)} ${figures(report)} ${timeSection(bars)} ${toDoSection(report)}
        ${whereSection(report)} ${report.conduct ? conductSection(report, report.conduct, log) : ''}
        ${report.conduct ? suspectSection(report.conduct) : ''} ${notes(report, log)}
      </body>
    </html> `;
  return page.source;
}

const totals = ({ requests }: Report): { all: number; bad: number } => {
  const all = requests.reduce((sum, row) => sum + row.count, 0);
  const well = requests.reduce(
    (sum, row) => (VERDICTS.indexOf(row.verdict) < WELL ? sum + row.count : sum),
    0,
  );
  return { all, bad: all - well };
};

function periodOf({ review: { firstMs, lastMs }, tally }: LogReview): string {
  const requests = countOf(tally.classified, 'request', 'requests');
  return lastMs < firstMs ? `${requests}, without times` : `${periodText(firstMs, lastMs)}, ${requests}`;
}

const lead = (report: Report, log: LogReview): Markup =>
  html`<section class="${totals(report).bad > 0 ? 'lead' : 'lead well'}">
    ${leadSentences(report, log.timeline?.bars(24)).map((sentence) => html`<p>${sentence}</p> `)}
  </section>`;

function figures(report: Report): Markup {
  const { all, bad } = totals(report);
  const { conduct } = report;
  const tiles: [string, string][] = [
    [count(all), 'requests'],
    [`${count(bad)} (${percent(bad, all)})`, 'did not do what they were sent for'],
    ...(conduct
      ? ([
          [
            count(conduct.retries.reduce((sum, { requests }) => sum + requests, 0)),
            'failed requests sent again',
          ],
          [count(conduct.repeatedWrites), 'writes that may be done twice'],
        ] as [string, string][])
      : []),
  ];
  return html`<ul class="figures">
    ${tiles.map(([number, what]) => html`<li><b>${number}</b>${what}</li>`)}
  </ul>`;
}

type TimeBars = ReturnType<NonNullable<LogReview['timeline']>['bars']>;

function timeSection(bars: TimeBars): Markup {
  if (!bars)
    return html`<h2>When</h2>
      <p>The log tells no times, so there is nothing to draw.</p>`;
  const bad = VERDICTS.slice(WELL);
  const seen = bad.filter((verdict) => bars.bars.some((bar) => bar[VERDICTS.indexOf(verdict)]! > 0));
  const failed = barChart({
    ...bars,
    title: 'Requests that were not ok, by verdict, over time',
    bars: bars.bars.map((bar) => seen.map((verdict) => bar[VERDICTS.indexOf(verdict)]!)),
    kinds: seen.map((verdict) => ({ name: `${VERDICT_WORDS[verdict]} (${verdict})`, style: verdict })),
    height: 260,
  });
  const everything = barChart({
    ...bars,
    title: 'All requests over time',
    bars: bars.bars.map((bar) => [bar[0]! + bar[1]!, bar.slice(WELL).reduce((sum, n) => sum + n, 0)]),
    kinds: [
      { name: 'went well', style: 'ok' },
      { name: 'did not', style: 'not_ok' },
    ],
    height: 130,
  });
  const strays =
    bars.strays > 0
      ? html`<p class="soft">
          ${countOf(bars.strays, 'request lies', 'requests lie')} so far from all others that a wrong clock is
          likely; not drawn.
        </p>`
      : '';
  return html`<h2>When</h2>
    <p class="soft">Each bar is ${durationText(bars.widthMs)}. Times are UTC.</p>
    ${
      seen.length > 0
        ? html`<figure>
            <figcaption>Requests that did not do what they were sent for</figcaption>
            ${failed}
          </figure>`
        : ''
    }
    <figure>
      <figcaption>All requests</figcaption>
      ${everything}
    </figure>
    ${strays}`;
}

const UNITS: readonly (readonly [ms: number, one: string, many: string])[] = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [60_000, 'minute', 'minutes'],
  [1000, 'second', 'seconds'],
];

function durationText(ms: number): string {
  const [unit, one, many] = UNITS.find(([length]) => ms % length === 0)!;
  return countOf(ms / unit, one, many);
}

function toDoSection(report: Report): Markup {
  const dos = toDos(report);
  if (dos.length === 0)
    return html`<h2>Who must act</h2>
      <p>Nobody.</p>`;
  const { bad } = totals(report);
  const rows = dos.flatMap(({ responsible, requests, rows }) => {
    const shown = rows.slice(0, ROWS_PER_TEAM);
    const more = rows.length - shown.length;
    return shown.map(
      (row, i) =>
        html`<tr>
            ${
              i === 0
                ? html`<td rowspan="${shown.length + (more > 0 ? 1 : 0)}">
                    <b>${capital(WHO[responsible])}</b><br /><span class="soft"
                      >${count(requests)}, ${percent(requests, bad)}</span
                    >
                  </td>`
                : ''
            }
            <td class="n">${count(row.count)}</td>
            <td>${row.code} from ${vendorText(row.vendor)}: ${VERDICT_WORDS[row.verdict]}</td>
            <td>${ACTIONS[row.action]}</td>
          </tr>
          ${
            i === shown.length - 1 && more > 0
              ? html`<tr>
                  <td></td>
                  <td class="soft" colspan="2">and ${countOf(more, 'other status', 'other statuses')}</td>
                </tr>`
              : ''
          }`,
    );
  });
  return html`<h2>Who must act</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Who</th>
            <th class="n">Requests</th>
            <th>What they got</th>
            <th>What the caller should do</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const TITLES: Readonly<Record<string, string>> = {
  device: 'Storage devices',
  consumer: 'Callers',
  route: 'Kinds of requests',
  code: 'Statuses',
};

function whereSection(report: Report): Markup {
  return html`<h2>Where and who</h2>
    <p class="soft">
      The ${TOP} with most requests that were not ok. The bar shows their share of all requests of that line.
    </p>
    ${report.by.map((table) => groupTable(table, report))}`;
}

function groupTable(table: ReportedTable, { callers }: Report): Markup {
  const forbidden = new Map(callers?.map(({ group, forbiddenRepeats }) => [group, forbiddenRepeats]));
  const hasForbidden = table.by === 'consumer' && [...forbidden.values()].some((n) => n > 0);
  const shown = table.groups.filter(({ notOk }) => notOk > 0).slice(0, TOP);
  if (shown.length === 0)
    return html`<h3>${titleOf(table.by)}</h3>
      <p>Nothing was not ok.</p>`;
  const rest = table.groups.length - shown.length + (table.others?.groups ?? 0);
  return html`<h3>${titleOf(table.by)}</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th></th>
            <th class="n">Not ok</th>
            <th class="n">Of requests</th>
            <th>Share</th>
            <th>Most frequent</th>
            ${hasForbidden ? html`<th class="n">Forbidden repeats</th>` : ''}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (group) =>
              html`<tr>
                <td class="name">${group.group}</td>
                <td class="n">${count(group.notOk)}</td>
                <td class="n">${count(group.requests)}</td>
                <td class="share">${shareBar(group)}</td>
                <td>${mostFrequent(group)}</td>
                ${hasForbidden ? html`<td class="n">${count(forbidden.get(group.group) ?? 0)}</td>` : ''}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${rest > 0 ? html`<p class="soft">and ${count(rest)} more</p>` : ''}`;
}

const titleOf = (by: string): string => TITLES[by] ?? `By ${by}`;

const shareBar = ({ notOk, requests }: ReportedGroup): Markup =>
  html`<svg
    viewBox="0 0 100 8"
    preserveAspectRatio="none"
    role="img"
    aria-label="${percent(notOk, requests)}"
  >
    <title>${percent(notOk, requests)}</title>
    <rect class="track" width="100" height="8" />
    <rect class="not_ok" width="${Math.max(1, Math.round((100 * notOk) / requests))}" height="8" />
  </svg>`;

function mostFrequent({ verdicts }: ReportedGroup): string {
  const [first] = VERDICTS.slice(WELL)
    .map((verdict) => [verdict, verdicts[verdict] ?? 0] as const)
    .sort(([, a], [, b]) => b - a);
  return first ? `${VERDICT_WORDS[first[0]]}: ${count(first[1])}` : '';
}

function conductSection(_: Report, conduct: ConductReport, log: LogReview): Markup {
  const { retries, requests, amplification, waits } = conduct;
  const bars = log.conduct?.retries.bars(MOST_BARS);
  if (requests === 0)
    return html`<h2>What callers did next</h2>
      <p>Not measurable: the log does not tell time, caller and path of its requests.</p>`;
  if (retries.length === 0)
    return html`<h2>What callers did next</h2>
      <p>No failed request was sent again within the time in which that counts as a retry.</p>`;
  const styles = { undocumented: 'undocumented' } as const;
  const chart = bars
    ? html`<figure>
        <figcaption>
          Requests that repeat a failed one, by what the document says of sending it again
        </figcaption>
        ${barChart({
          ...bars,
          title: 'Retries over time',
          kinds: DISPOSITIONS.map((name) => ({
            name: DISPOSITION_WORDS[name],
            style: name === 'undocumented' ? styles.undocumented : name,
          })),
          height: 180,
        })}
      </figure>`
    : '';
  const { worst } = amplification;
  return html`<h2>What callers did next</h2>
    <p>
      ${
        worst
          ? `At most there were ${worst.ratio.toFixed(1)} requests for each thing to do: in the five minutes from ${instant(worst.fromMs)}.`
          : 'Retries hardly added to the load.'
      }
      ${waitSentence(waits)}
    </p>
    ${chart}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="n">Retries</th>
            <th>After</th>
            <th>May it be sent again?</th>
          </tr>
        </thead>
        <tbody>
          ${retries.slice(0, TOP).map(
            ({ requests, vendor, previousCode, disposition }) =>
              html`<tr>
                <td class="n">${count(requests)}</td>
                <td>${previousCode} from ${vendorText(vendor)}</td>
                <td>${capital(DISPOSITION_WORDS[disposition])}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;
}

function waitSentence(waits: ConductReport['waits']): string {
  const [kept, early] = [waits['kept'] ?? 0, waits['early'] ?? 0];
  if (kept + early === 0) return '';
  return `Of ${countOf(kept + early, 'caller', 'callers')} that came back after being told how long to wait, ${early === 0 ? 'none came' : `${count(early)} came`} too early.`;
}

function suspectSection({ suspects, unknownWrites, repeatedWrites }: ConductReport): Markup {
  if (unknownWrites === 0) return html``;
  return html`<h2>Writes that may be done twice</h2>
    <p>
      ${countOf(unknownWrites, 'write', 'writes')} ended without the caller being told what became of
      ${unknownWrites === 1 ? 'it' : 'them'}; ${count(repeatedWrites)}
      ${repeatedWrites === 1 ? 'was' : 'were'} sent again. Each of these is worth a look: what it makes may be
      there twice.
    </p>
    ${
      suspects.length === 0
        ? ''
        : html`<div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th>Request</th>
                    <th>Device</th>
                    <th>First, and how it ended</th>
                    <th>Again</th>
                  </tr>
                </thead>
                <tbody>
                  ${suspects.slice(0, SUSPECTS_SHOWN).map(
                    ({ method, path, device, first, again }) =>
                      html`<tr>
                        <td class="name">${method} ${path}</td>
                        <td class="name">${device}</td>
                        <td>
                          ${instant(first.at)}, ${first.code || 'no status'}<br /><span class="soft name"
                            >${first.requestId}</span
                          >
                        </td>
                        <td>
                          ${instant(again.at)}, ${again.code || 'no status'}<br /><span class="soft name"
                            >${again.requestId}</span
                          >
                        </td>
                      </tr> `,
                  )}
                </tbody>
              </table>
            </div>
            ${suspects.length > SUSPECTS_SHOWN ? html`<p class="soft">and ${count(suspects.length - SUSPECTS_SHOWN)} more</p>` : ''}`
    }`;
}

function notes(report: Report, log: LogReview): Markup {
  const { lines, time, conduct } = report;
  const skipped = Object.entries(conduct?.skipped ?? {}).map(([reason, n]) => `${count(n)} ${reason}`);
  const all = [
    `${countOf(lines.rejected, 'line', 'lines')} could not be read and ${count(lines.ignored)} had no status or were ignored as the settings say.`,
    ...(time.since !== null || time.until !== null
      ? [
          `Asked for: requests${time.since === null ? '' : ` from ${time.since}`}${time.until === null ? '' : ` until ${time.until}`}. Left out: ${count(time.outside)} of other times and ${count(time.untimed)} without a time.`,
        ]
      : time.untimed > 0
        ? [
            `${countOf(time.untimed, 'request has', 'requests have')} no time and ${time.untimed === 1 ? 'is' : 'are'} in no chart.`,
          ]
        : []),
    ...(skipped.length > 0
      ? [`Callers of these requests could not be followed: ${skipped.join(', ')}.`]
      : []),
    'What callers did next is inferred: a request counts as a retry if the same caller sends the same request soon after it failed. What was still open at the end of the log is not counted.',
    ...log.tables
      .filter(({ grouping: { by } }) => report.by.some((table) => table.by === by && table.beyond > 0))
      .map(({ grouping: { by } }) => `There are more groups by ${by} than can be told apart.`),
  ];
  return html`<footer class="soft">
    <h2>How to read this</h2>
    <p>
      Each status is judged by the document of the vendor whose API sent it, so the same code can mean
      different things.
    </p>
    <dl>
      ${VERDICTS.map(
        (verdict) =>
          html`<dt class="name">${verdict}</dt>
            <dd>${VERDICT_WORDS[verdict]}</dd>`,
      )}
    </dl>
    ${all.map((note) => html`<p>${note}</p>`)}
    <p>Made by statuslens ${VERSION}.</p>
  </footer>`;
}
