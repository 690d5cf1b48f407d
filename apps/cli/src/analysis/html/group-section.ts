import type { Report, ReportedGroup, ReportedTable } from '../report.js';
import { markup, type Markup } from './markup.js';
import { NOT_OK, VERDICT_WORDS, count, percent } from './plain-words.js';

const TOP = 10;

const TITLES: Readonly<Record<string, string>> = {
  device: 'Storage devices',
  consumer: 'Callers',
  route: 'Kinds of requests',
  code: 'Statuses',
};

/** Which devices, callers, kinds of requests and statuses had most trouble. */
export const groupSection = (report: Report): Markup =>
  markup`<h2>Where and who</h2>
<p class="soft">Those with most requests that were not ok; bars show how much of their requests that is.</p>
${report.by.map((table) => groupTable(table, forbiddenBy(report, table)))}`;

/** Forbidden repeats by caller; undefined where there are none to show. */
function forbiddenBy(
  { callers = [] }: Report,
  { by }: ReportedTable,
): ReadonlyMap<string, number> | undefined {
  const repeating = callers.filter(({ forbiddenRepeats }) => forbiddenRepeats > 0);
  if (by !== 'consumer' || repeating.length === 0) return undefined;
  return new Map(repeating.map(({ group, forbiddenRepeats }) => [group, forbiddenRepeats]));
}

function groupTable({ by, groups, others }: ReportedTable, forbidden?: ReadonlyMap<string, number>): Markup {
  const title = TITLES[by] ?? `Stretches of ${by}`;
  const shown = groups.filter(({ notOk }) => notOk > 0).slice(0, TOP);
  if (shown.length === 0) return markup`<h3>${title}</h3><p>All went well.</p>`;
  const more = groups.length - shown.length + (others?.groups ?? 0);
  return markup`<h3>${title}</h3>
<div class="scroll"><table>
<thead><tr><th></th><th class="n">Not ok</th><th class="n">Of requests</th><th>Share</th><th>Most frequent</th>${
    forbidden ? markup`<th class="n">Forbidden repeats</th>` : ''
  }</tr></thead>
<tbody>${shown.map((group) => row(group, forbidden))}</tbody>
</table></div>
${more > 0 ? markup`<p class="soft">and ${count(more)} more</p>` : ''}`;
}

const row = (group: ReportedGroup, forbidden?: ReadonlyMap<string, number>): Markup =>
  markup`<tr><td class="name">${group.group}</td><td class="n">${count(group.notOk)}</td>
<td class="n">${count(group.requests)}</td><td class="share">${shareBar(group)}</td><td>${mostFrequent(group)}</td>${
    forbidden ? markup`<td class="n">${count(forbidden.get(group.group) ?? 0)}</td>` : ''
  }</tr>
`;

function shareBar({ notOk, requests }: ReportedGroup): Markup {
  const share = percent(notOk, requests);
  const width = Math.max(1, Math.round((100 * notOk) / requests));
  return markup`<svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${share}">
<title>${share}</title><rect class="track" width="100" height="8"/><rect class="not_ok" width="${width}" height="8"/></svg>`;
}

function mostFrequent({ verdicts }: ReportedGroup): string {
  const [verdict] = [...NOT_OK].sort((a, b) => (verdicts[b] ?? 0) - (verdicts[a] ?? 0));
  return `${VERDICT_WORDS[verdict!]}: ${count(verdicts[verdict!] ?? 0)}`;
}
