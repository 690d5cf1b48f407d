import { VERDICTS } from '#catalogue';
import type { Report } from '../report.js';
import { markup, type Markup } from './markup.js';
import { VERDICT_WORDS, count, countOf } from './plain-words.js';

/** What the words mean, and what is not in the numbers. */
export const notes = (report: Report): Markup => markup`<section class="soft"><h2>How to read this</h2>
<p>Each status is judged by the document of the vendor whose API sent it: the same code can mean different things.
Callers are masked; their numbers tell them apart.</p>
<dl>${VERDICTS.map((verdict) => markup`<dt class="name">${verdict}</dt><dd>${VERDICT_WORDS[verdict]}</dd>`)}</dl>
<p>A request counts as a retry if the same caller sends the same request again soon after it failed. That is inferred from
the log. What was still open at its end is not counted.</p>
${missing(report).map((note) => markup`<p>${note}</p>`)}</section>`;

function missing({ lines, time, conduct, by }: Report): string[] {
  const skipped = Object.entries(conduct?.skipped ?? {}).map(
    ([reason, requests]) => `${count(requests)} ${reason}`,
  );
  return [
    ...when(
      lines.rejected + lines.ignored > 0,
      `${countOf(lines.rejected, 'line', 'lines')} could not be read; ${count(lines.ignored)} had no status, or the settings ignore them.`,
    ),
    ...when(
      time.outside + time.untimed > 0,
      `${countOf(time.outside, 'request', 'requests')} of other times and ${count(time.untimed)} without a time are not in the charts.`,
    ),
    ...when(skipped.length > 0, `The callers of some requests could not be followed: ${skipped.join(', ')}.`),
    ...by.flatMap((table) =>
      when(
        table.beyond > 0,
        `There are more groups by ${table.by} than can be told apart: ${count(table.beyond)} requests are in none.`,
      ),
    ),
  ];
}

const when = (holds: boolean, note: string): string[] => (holds ? [note] : []);
