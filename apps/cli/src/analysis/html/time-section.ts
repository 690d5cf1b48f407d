import { VERDICTS } from '#catalogue';
import type { Bars } from '../timeline.js';
import { notOkIn, requestsIn } from '../verdict-groups.js';
import { barChart } from './bar-chart.js';
import { markup, type Markup } from './markup.js';
import { NOT_OK, VERDICT_WORDS, countOf, durationText } from './plain-words.js';

/** When it happened: what was not ok by verdict, and all of it. */
export function timeSection(time: Bars | undefined): Markup {
  if (!time) return markup`<h2>When</h2><p>The log tells no times, so there is nothing to draw.</p>`;
  const { bars, widthMs, strays } = time;
  const places = NOT_OK.map((verdict) => VERDICTS.indexOf(verdict));
  const seen = places.filter((place) => bars.some((bar) => bar[place]! > 0));
  const failed = barChart({
    ...time,
    title: 'Requests that were not ok, by verdict, over time',
    bars: bars.map((bar) => seen.map((place) => bar[place]!)),
    kinds: seen.map((place) => ({
      name: `${VERDICT_WORDS[VERDICTS[place]!]} (${VERDICTS[place]!})`,
      style: VERDICTS[place]!,
    })),
    height: 260,
  });
  const everything = barChart({
    ...time,
    title: 'All requests over time',
    bars: bars.map((bar) => [requestsIn(bar) - notOkIn(bar), notOkIn(bar)]),
    kinds: [
      { name: 'went well', style: 'ok' },
      { name: 'did not', style: 'not_ok' },
    ],
    height: 130,
  });
  return markup`<h2>When</h2>
<p class="soft">Each bar is ${durationText(widthMs)}. Times are UTC.${strayNote(strays)}</p>
${seen.length > 0 ? figure('Requests that did not do what they were sent for', failed) : ''}
${figure('All requests', everything)}`;
}

export const figure = (caption: string, chart: Markup): Markup =>
  markup`<figure><figcaption>${caption}</figcaption>${chart}</figure>`;

const strayNote = (strays: number): string =>
  strays === 0
    ? ''
    : ` ${countOf(strays, 'request lies', 'requests lie')} so far from all others that a wrong clock is likely; not drawn.`;
