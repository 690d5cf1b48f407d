import { SentLog, warmPipeline } from '../end-to-end.js';
import { table } from '../markdown.js';
import type { Part } from '../section.js';
import { scrapesAt } from '../scrapes.js';

const SERIES = [1000, 10_000, 50_000];

/** How long /metrics takes by the number of series. */
export const scrapes: Part = async ({ files, tell }) => {
  const pipeline = await warmPipeline(new SentLog(files), ['combined'], { appendfsync: 'everysec' });
  try {
    tell('scrapes');
    const results = await scrapesAt(pipeline, SERIES);
    const text = `## A scrape

A ledger with so many more series, medians of 15 scrapes: after something was counted (read, floored, kept on disk, rendered), and
when nothing was.

${table(
  ['series added', 'samples on the page', 'KiB', 'changed, ms', 'unchanged, ms'],
  results.map(({ samples, bytes, changed, unchanged }, i) => [
    SERIES[i]!.toLocaleString('en-US'),
    samples,
    Math.round(bytes / 1024),
    changed,
    unchanged,
  ]),
)}`;
    return { text, targets: [] };
  } finally {
    await pipeline.stop();
  }
};
