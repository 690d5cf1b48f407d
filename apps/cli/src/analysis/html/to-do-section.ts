import { ACTIONS } from '#catalogue';
import type { Report } from '../report.js';
import { markup, type Markup } from './markup.js';
import {
  WHO,
  capital,
  count,
  countOf,
  percent,
  statusText,
  toDos,
  type ToDo,
  type VendorNames,
} from './plain-words.js';

const ROWS_PER_TEAM = 5;

/** Who must act upon what. */
export function toDoSection(report: Report, nameOf: VendorNames): Markup {
  const dos = toDos(report);
  if (dos.length === 0) return markup`<h2>Who must act</h2><p>Nobody.</p>`;
  const bad = dos.reduce((sum, { requests }) => sum + requests, 0);
  return markup`<h2>Who must act</h2>
<div class="scroll"><table>
<thead><tr><th>Who</th><th class="n">Requests</th><th>What they got</th><th>What the caller should do</th></tr></thead>
<tbody>${dos.map((todo) => teamRows(todo, bad, nameOf))}</tbody>
</table></div>`;
}

function teamRows({ responsible, requests, rows }: ToDo, bad: number, nameOf: VendorNames): Markup[] {
  const shown = rows.slice(0, ROWS_PER_TEAM);
  const more = rows.length - shown.length;
  const team = markup`<td rowspan="${shown.length + (more > 0 ? 1 : 0)}"><b>${capital(WHO[responsible])}</b><br>
<span class="soft">${count(requests)}, ${percent(requests, bad)}</span></td>`;
  const lines = shown.map(
    (row, i) => markup`<tr>${i === 0 ? team : ''}<td class="n">${count(row.count)}</td>
<td>${statusText(row.code, nameOf(row.vendor), row.verdict)}</td><td>${ACTIONS[row.action]}</td></tr>
`,
  );
  if (more > 0)
    lines.push(
      markup`<tr><td></td><td class="soft" colspan="2">and ${countOf(more, 'other status', 'other statuses')}</td></tr>
`,
    );
  return lines;
}
