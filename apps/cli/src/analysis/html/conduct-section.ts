import { DISPOSITIONS } from '#metric-names';
import { instant } from '../../units.js';
import type { ConductReport } from '../conduct-report.js';
import type { Bars } from '../timeline.js';
import { barChart, clock } from './bar-chart.js';
import { markup, type Markup } from './markup.js';
import { DISPOSITION_WORDS, capital, count, countOf, type VendorNames } from './plain-words.js';
import { figure } from './time-section.js';

const TOP = 10;
const SUSPECTS_SHOWN = 50;
const TITLE = markup`<h2>What callers did next</h2>`;

/** Retries, storms and promised waits. @param bars retries by disposition */
export function conductSection(conduct: ConductReport, bars: Bars | undefined, nameOf: VendorNames): Markup {
  const { retries, requests } = conduct;
  if (requests === 0)
    return markup`${TITLE}<p>Not measurable: the log does not tell time, caller and path of its requests.</p>`;
  if (retries.length === 0 || !bars)
    return markup`${TITLE}<p>No failed request was sent again so soon that it counts as a retry.</p>`;
  const seen = DISPOSITIONS.map((_, i) => i).filter((i) => bars.bars.some((bar) => bar[i]! > 0));
  const chart = barChart({
    ...bars,
    bars: bars.bars.map((bar) => seen.map((i) => bar[i]!)),
    title: 'Retries over time',
    kinds: seen.map((i) => ({ name: DISPOSITION_WORDS[DISPOSITIONS[i]!], style: `d_${DISPOSITIONS[i]!}` })),
    height: 180,
  });
  return markup`${TITLE}
<p>${stormSentence(conduct)} ${waitSentence(conduct)}</p>
${figure('Requests that repeat a failed one, by what the document says of sending it again', chart)}
<div class="scroll"><table>
<thead><tr><th class="n">Retries</th><th>After</th><th>May it be sent again?</th></tr></thead>
<tbody>${retries.slice(0, TOP).map(
    ({ requests, vendor, previousCode, disposition }) =>
      markup`<tr><td class="n">${count(requests)}</td><td>${previousCode} from ${nameOf(vendor)}</td>
<td>${capital(DISPOSITION_WORDS[disposition])}</td></tr>
`,
  )}</tbody>
</table></div>`;
}

const stormSentence = ({ amplification: { worst } }: ConductReport): string =>
  worst
    ? `Retries added most to the load in the five minutes from ${clock(worst.fromMs, true)} UTC: ${worst.ratio.toFixed(1)} requests for each thing to do.`
    : 'Retries hardly added to the load.';

function waitSentence({ waits }: ConductReport): string {
  const [kept, early] = [waits['kept'] ?? 0, waits['early'] ?? 0];
  if (kept + early === 0) return '';
  const came = early === 0 ? 'none came' : `${count(early)} came`;
  return `Of ${countOf(kept + early, 'request', 'requests')} that came back after Retry-After had told how long to wait, ${came} too early.`;
}

/** Writes that were sent again although nobody knows what became of them. */
export function suspectSection({ suspects, unknownWrites, repeatedWrites }: ConductReport): Markup | '' {
  if (unknownWrites === 0) return '';
  const more = repeatedWrites - Math.min(SUSPECTS_SHOWN, suspects.length);
  return markup`<h2>Writes that may be done twice</h2>
<p>${countOf(unknownWrites, 'write', 'writes')} ended without the caller being told how; ${count(repeatedWrites)} of them
sent again. What such a write makes may be there twice.</p>
${suspects.length > 0 ? suspectTable(suspects.slice(0, SUSPECTS_SHOWN)) : ''}
${more > 0 ? markup`<p class="soft">and ${count(more)} more</p>` : ''}`;
}

const suspectTable = (suspects: ConductReport['suspects']): Markup =>
  markup`<div class="scroll"><table>
<thead><tr><th>Request</th><th>Device</th><th>First, and its status</th><th>Again, and its status</th></tr></thead>
<tbody>${suspects.map(
    ({ method, path, device, first, again }) =>
      markup`<tr><td class="name">${method} ${path}</td><td class="name device">${device}</td>
<td>${momentOf(first)}</td><td>${momentOf(again)}</td></tr>
`,
  )}</tbody>
</table></div>`;

const momentOf = ({ at, code, requestId }: ConductReport['suspects'][number]['first']): Markup =>
  markup`${instant(at)}, ${code || 'no status'}<br><span class="soft name">${requestId}</span>`;
