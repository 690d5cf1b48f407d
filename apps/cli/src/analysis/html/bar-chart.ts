import { markup, type Markup } from './markup.js';

/** Counts over time, stacked: one bar for each stretch. */
export interface BarChart {
  readonly title: string;
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly widthMs: number;
  readonly bars: readonly (readonly number[])[];
  /** What each part of a bar is, with the class that colours it; the first lies at the bottom. */
  readonly kinds: readonly { readonly name: string; readonly style: string }[];
  readonly height: number;
}

const WIDTH = 960;
const LEFT = 56;
const TOP = 10;
const BOTTOM = 26;
const GAP = 0.12;
/** What is there can be seen. */
const THINNEST = 0.75;
const LABEL_WIDTH = 110;
const DAY_MS = 86_400_000;

/** An SVG that needs nothing else; each bar tells its numbers where the pointer is. */
export function barChart(chart: BarChart): Markup {
  const { title, bars, kinds, height } = chart;
  const most = Math.max(1, ...bars.map((bar) => sum(bar)));
  const ticks = niceTicks(most);
  const scale = (height - TOP - BOTTOM) / Math.max(most, ticks.at(-1)!);
  const y = (value: number): number => round(height - BOTTOM - value * scale);
  const pitch = (WIDTH - LEFT) / bars.length;
  const grid = ticks.map(
    (tick) => markup`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(tick)}" y2="${y(tick)}"/>
<text class="y" x="${LEFT - 8}" y="${y(tick) + 4}">${shortNumber(tick)}</text>
`,
  );
  const labels = timeLabels(chart, pitch).map(
    ([at, label]) => markup`<text class="x" x="${round(LEFT + at * pitch)}" y="${height - 6}">${label}</text>
`,
  );
  const legend = kinds.map(
    ({ name, style }) =>
      markup`<li><svg viewBox="0 0 10 10"><rect class="${style}" width="10" height="10"/></svg>${name}</li>`,
  );
  return markup`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
${grid}${bars.map((bar, i) => oneBar(chart, bar, i, pitch, y))}${labels}</svg>
<ul class="legend">${legend}</ul>`;
}

function oneBar(
  { startMs, widthMs, kinds }: BarChart,
  bar: readonly number[],
  place: number,
  pitch: number,
  y: (value: number) => number,
): Markup | string {
  const total = sum(bar);
  if (total === 0) return '';
  const from = startMs + place * widthMs;
  const parts = kinds.flatMap(({ name }, i) =>
    bar[i]! > 0 ? [`${name}: ${bar[i]!.toLocaleString('en')}`] : [],
  );
  const [x, width] = [round(LEFT + (place + GAP / 2) * pitch), round(pitch * (1 - GAP))];
  let below = 0;
  const rects = bar.map((count, i) => {
    if (count === 0) return '';
    const bottom = y(below);
    below += count;
    const top = y(below);
    const height = round(Math.max(bottom - top, THINNEST));
    return markup`<rect class="${kinds[i]!.style}" x="${x}" y="${top}" width="${width}" height="${height}"/>`;
  });
  const title = `${clock(from, true)} – ${clock(from + widthMs, false)} UTC`;
  return markup`<g><title>${title}
${parts.join(', ')}</title>${rects}</g>
`;
}

/** As many as there is room for, at full multiples of a stretch. */
function timeLabels({ startMs, widthMs, bars }: BarChart, pitch: number): [at: number, label: string][] {
  const every =
    [1, 2, 3, 5, 6, 10, 12, 15, 20, 24, 30, 48, 60].find((n) => n * pitch >= LABEL_WIDTH) ?? bars.length;
  const isLong = bars.length * widthMs > DAY_MS;
  const labels: [number, string][] = [];
  const first = (every - (Math.floor(startMs / widthMs) % every)) % every;
  for (let at = first; at * pitch <= WIDTH - LEFT - LABEL_WIDTH / 2; at += every)
    labels.push([at, clock(startMs + at * widthMs, isLong)]);
  return labels;
}

/** Such as `21 Nov 07:40`, UTC. */
export const clock = (ms: number, withDay: boolean): string => {
  const time = new Date(ms);
  const seconds = ms % 60_000 === 0 ? {} : { second: '2-digit' as const };
  const day = withDay ? { day: 'numeric' as const, month: 'short' as const } : {};
  return time
    .toLocaleString('en-GB', { ...day, hour: '2-digit', minute: '2-digit', ...seconds, timeZone: 'UTC' })
    .replace(',', '');
};

const sum = (bar: readonly number[]): number => bar.reduce((total, count) => total + count, 0);
const round = (value: number): number => Math.round(value * 100) / 100;

/** Three to six round numbers from 0 on. */
export function niceTicks(most: number): number[] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

/** Such as `12.5k`. */
const shortNumber = (value: number): string =>
  value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
